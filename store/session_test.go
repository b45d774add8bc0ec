package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"vuosikello/store"
)

// stay is a time in a meeting that began at 14.00, in minutes.
func stay(from, to int) store.Interval {
	start := time.Date(2026, 3, 24, 12, 0, 0, 0, time.UTC)
	return store.Interval{From: start.Add(time.Duration(from) * time.Minute), To: start.Add(time.Duration(to) * time.Minute)}
}

func TestMergeReports(t *testing.T) {
	t.Parallel()
	known := func(mail string) string {
		if mail == "sanna@hva.example" {
			return "SANNA"
		}
		return ""
	}
	record := func(id, mail string, stays ...store.Interval) store.AttendanceRecord {
		return store.AttendanceRecord{PersonID: id, Email: mail, Name: "Nimi", Intervals: stays}
	}
	for _, tc := range []struct {
		name      string
		reports   []store.AttendanceReport
		want      map[string]int
		anonymous int
	}{
		{"a phone and a computer at once count once", []store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{record("a", "", stay(0, 10), stay(5, 12))}}}, map[string]int{"a": 12}, 0},
		{"one stay inside another", []store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{record("a", "", stay(0, 15), stay(3, 5))}}}, map[string]int{"a": 15}, 0},
		{"two records of one person", []store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{record("A", "", stay(0, 5)), record("a", "", stay(10, 15))}}}, map[string]int{"a": 10}, 0},
		{"a meeting that was opened twice", []store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{record("a", "", stay(0, 5))}}, {Total: 2, Records: []store.AttendanceRecord{record("a", "", stay(8, 15)), record("b", "", stay(8, 15))}}}, map[string]int{"a": 12, "b": 7}, 0},
		{"without an id by e-mail, whatever its case", []store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{record("", " Sanna@HVA.example ", stay(0, 5))}}}, map[string]int{"sanna": 5}, 0},
		{"the e-mail of a record that has an id", []store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{record("", "b@hva.example", stay(0, 5))}}, {Total: 1, Records: []store.AttendanceRecord{record("b", "B@hva.example", stay(5, 9))}}}, map[string]int{"b": 9}, 0},
		{"an e-mail that nobody knows", []store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{record("", "vieras@muu.example", stay(0, 5))}}}, map[string]int{"mail:vieras@muu.example": 5}, 0},
		{"more people than names", []store.AttendanceReport{{Total: 5, Records: []store.AttendanceRecord{record("a", "", stay(0, 5)), record("", "", stay(0, 5))}}}, map[string]int{"a": 5}, 4},
		{"a total that says less than its records", []store.AttendanceReport{{Records: []store.AttendanceRecord{record("a", "", stay(0, 5)), record("", "", stay(0, 5))}}}, map[string]int{"a": 5}, 1},
		{"a total of devices would count nobody twice", []store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{record("a", "", stay(0, 5)), record("a", "", stay(1, 4))}}}, map[string]int{"a": 5}, 0},
		{"a stay that ends before it begins is none", []store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{record("a", "", stay(9, 3))}}}, map[string]int{"a": 0}, 0},
		{"no report", nil, map[string]int{}, 0},
	} {
		people, anonymous := store.MergeReports(tc.reports, known)
		got := map[string]int{}
		for _, p := range people {
			got[p.Who] = p.Minutes
		}
		if fmt.Sprint(got) != fmt.Sprint(tc.want) || anonymous != tc.anonymous {
			t.Errorf("%s: %v and %d anonymous, want %v and %d", tc.name, got, anonymous, tc.want, tc.anonymous)
		}
	}
}

// A few seconds in the meeting are a minute: the person was there.
func TestMergeReportsSeconds(t *testing.T) {
	t.Parallel()
	i := stay(0, 0)
	i.To = i.From.Add(5 * time.Second)
	people, _ := store.MergeReports([]store.AttendanceReport{{Total: 1, Records: []store.AttendanceRecord{{PersonID: "a", Intervals: []store.Interval{i}}}}}, func(string) string { return "" })
	if len(people) != 1 || people[0].Minutes != 1 {
		t.Errorf("merged %+v", people)
	}
}

// A thousand records, a third of them by e-mail alone and each with two stays that overlap, from reading to stored.
//
//	go test -run - -bench SaveReports -benchtime 5x ./store
func BenchmarkSaveReports(b *testing.B) {
	calendar := store.Calendar{Location: time.UTC, PostTime: 510}
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	s := &store.Session{Title: "Digivartti", Start: stay(0, 0).From, Minutes: 15, Audiences: []string{"Kaikki"}, HostID: "host"}
	var report store.AttendanceReport
	report.Total = 1100
	err = db.Write(context.Background(), func(tx *store.Tx) error {
		for i := range 1000 {
			rec := store.AttendanceRecord{Email: fmt.Sprintf("p%d@hva.example", i), Name: "Nimi", Intervals: []store.Interval{stay(0, 10), stay(5, 15)}}
			if i%3 > 0 {
				rec.PersonID = fmt.Sprintf("p%d", i)
			}
			report.Records = append(report.Records, rec)
			if err := tx.MeetPerson(store.Person{ID: fmt.Sprintf("p%d", i), Name: "Nimi", Email: rec.Email}, s.Start); err != nil {
				return err
			}
		}
		return tx.AddSession(s, true, s.Start.Add(-time.Hour), calendar)
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := db.Write(context.Background(), func(tx *store.Tx) error {
			return tx.SaveReports(s, s.Meeting, []store.AttendanceReport{report}, time.Now(), true)
		}); err != nil {
			b.Fatal(err)
		}
	}
	if perRun := b.Elapsed() / time.Duration(b.N); perRun > time.Second {
		b.Errorf("a report of 1000 records took %v", perRun)
	}
}
