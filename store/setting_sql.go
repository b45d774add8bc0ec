package store

// Setting returns what was stored under key, "" for nothing.
func (tx *Tx) Setting(key string) (value string, err error) {
	_, err = tx.scan(`SELECT value FROM setting WHERE key = $1`, []any{key}, &value)
	return value, err
}

// SetSetting stores value under key.
func (tx *Tx) SetSetting(key, value string) error {
	_, err := tx.exec(`INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
