package teams

// Remembered is the number of conversations the limiter keeps in memory.
func Remembered(l *Limiter) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queues)
}

// Dialable is what guards a FileFetcher's connections.
var Dialable = (*FileFetcher).dialable
