package store_test

import (
	"fmt"
	"strings"
	"testing"

	"vuosikello/store"
)

func amount(n float64) *store.Amount {
	a, ok := store.AmountOf(n)
	if !ok {
		panic(n)
	}
	return &a
}

func period(s string) store.Period {
	p, err := store.ParsePeriod(s)
	if err != nil {
		panic(err)
	}
	return p
}

// measure makes one from "2024:147166" and, with a goal, "2025:3/100".
func measure(t testing.TB, kind store.MeasureKind, points ...string) *store.Measure {
	t.Helper()
	var m *store.Measure
	for _, s := range points {
		p, numbers, _ := strings.Cut(s, ":")
		value, goal, _ := strings.Cut(numbers, "|")
		r := store.MeasureRecord{Name: "Omaolo", Kind: kind, Period: period(p)}
		for text, dest := range map[string]**store.Amount{value: &r.Value, goal: &r.Goal} {
			if text != "" {
				a, _, err := store.ParseAmount(text)
				if err != nil {
					t.Fatal(err)
				}
				*dest = &a
			}
		}
		if err := r.Normalize(); err != nil {
			t.Fatal(err)
		}
		c, err := r.Apply(m)
		if err != nil {
			t.Fatal(err)
		}
		m = c.Measure
	}
	return m
}

func total(t store.MeasureTotal) string {
	if !t.Known {
		return "-"
	}
	s := t.Value.String()
	for _, p := range t.Periods {
		s += " " + p.String()
	}
	if !t.Complete {
		s += " partly"
	}
	return s
}

// Overlapping periods are never counted twice, and those that cover most are counted.
func TestMeasureTotal(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		kind     store.MeasureKind
		points   []string
		want     string
	}{
		{"a year's own figure goes before its months", "2025", store.Cumulative, []string{"2025:100", "2025-01:8", "2025-02:9"}, "100 2025"},
		{"months make a quarter", "2025Q1", store.Cumulative, []string{"2025-01:8", "2025-02:9", "2025-03:10,5", "2025:100"}, "27.5 2025-01 2025-02 2025-03"},
		{"a span and the month that it lacks", "2025", store.Cumulative, []string{"2025-01/2025-05:50", "2025-05:12", "2025-06:11"}, "61 2025-01/2025-05 2025-06 partly"},
		{"weeks that overlap a month give way to it", "2026-01", store.Cumulative, []string{"2026-01:40", "2026-W02:9", "2026-W03:9"}, "40 2026-01"},
		{"a week over the turn of the month belongs to neither", "2026-01", store.Cumulative, []string{"2026-W05:9", "2026-W04:7"}, "7 2026-W04 partly"},
		{"nothing within", "2024", store.Cumulative, []string{"2023/2024:10"}, "-"},
		{"of levels the last counts", "2025", store.Level, []string{"2025-01:5", "2025-06-30:7", "2025-03:6"}, "7 2025-06-30"},
		{"a level is that of its last day", "2025", store.Level, []string{"2024Q4/2025Q1:5"}, "5 2024-10/2025-03"},
		{"a goal is no value", "2025", store.Level, []string{"2025:|5"}, "-"},
	} {
		if got := total(measure(t, tc.kind, tc.points...).Total(period(tc.in))); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestMeasureComparedAndGoal(t *testing.T) {
	for _, tc := range []struct {
		name, want string
		kind       store.MeasureKind
		points     []string
	}{
		{"with the year before", "147166 106140 2023, no goal", store.Cumulative, []string{"2023:106140", "2024:147166"}},
		{"with the month before, though it has no figure a year earlier", "9 8 2025-01, no goal", store.Cumulative, []string{"2025-01:8", "2025-02:9"}},
		{"with the same month a year earlier when the one before is not known", "9 7 2024-02, no goal", store.Cumulative, []string{"2024-02:7", "2025-02:9"}},
		{"never with another length", "66875 -, no goal", store.Cumulative, []string{"2024:147166", "2025-01/2025-05:66875"}},
		{"with the same span of the year before, made of months", "30 21 2024-01 2024-02, no goal", store.Cumulative, []string{"2024-01:10", "2024-02:11", "2025-01/2025-02:30"}},
		{"a level with the one before", "75000 40000 2023-12-31, goal 100000 for 2025-12-31 at 75000 2024-12-31", store.Level, []string{"2023-12-31:40000", "2024-12-31:75000", "2025-12-31:|100000"}},
		{"a yearly goal of what is counted monthly", "9 8 2025-01, goal 100 for 2025 at 17 2025-01 2025-02 partly", store.Cumulative, []string{"2025-01:8", "2025-02:9", "2025:|100"}},
		{"the goal that comes next", "5 -, goal 7 for 2025-12-31 at 5 2025-03", store.Level, []string{"2025-03:5", "2024-12-31:|6", "2025-12-31:|7", "2026-12-31:|8"}},
	} {
		m := measure(t, tc.kind, tc.points...)
		last, _ := m.Latest()
		before, _ := m.Compared(last)
		got := last.Value.String() + " " + total(before) + ", "
		if g, ok := m.GoalAt(last.End); ok {
			got += fmt.Sprintf("goal %s for %s at %s", g.Goal, g.Period, total(g.Reached))
		} else {
			got += "no goal"
		}
		if got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

// What is stored is what was said, a measure's kind and unit stay, and a campaign has the figures around it.
func TestCampaignMeasures(t *testing.T) {
	t.Parallel()
	db := mustOpen(t)
	now := at("2026-04-20 12:00")
	mustWrite(t, db, func(tx *store.Tx) error {
		for _, e := range []store.Entry{
			{Title: "Avaus", Start: day("2026-02-10"), End: day("2026-02-20"), Campaign: "Kevät", Goal: "Rekisteröityneet asukkaat, 100 000 vuoden lopussa", State: store.Done},
			{Title: "Muistutus", Start: day("2026-03-15"), Campaign: "kevät"},
			{Title: "Peruttu", Start: day("2026-06-15"), Campaign: "Kevät", State: store.Cancelled},
			{Title: "Syksy", Start: day("2026-09-01"), End: day("2026-09-30"), Campaign: "Syksy", Goal: "Omaolo"},
			{Title: "Ensi vuonna", Start: day("2027-02-10"), Campaign: "Kevät", Clock: store.Clock{Year: 2027}},
		} {
			if e.Clock.Year == 0 {
				e.Clock.Year = 2026
			}
			if err := tx.AddEntry(&e, now, calendar); err != nil {
				return err
			}
		}
		for _, s := range []string{
			"Omaolo kertymä 2025-11 5", "Omaolo kertymä 2025-12 10", "Omaolo kertymä 2026-01 11", "Omaolo kertymä 2026-02 20", "Omaolo kertymä 2026-03 22", "Omaolo kertymä 2026-04 3",
			"Asukkaat tilanne 2026-01-31 1", "Rekisteröityneet_asukkaat tilanne 2025-12-31 75000", "Rekisteröityneet_asukkaat tilanne 2026-03-01 80000", "Rekisteröityneet_asukkaat tilanne 2026-04-01 90000",
			"Rekisteröityneet_asukkaat tilanne 2026-04-15 95000",
		} {
			name, rest, _ := strings.Cut(s, " ")
			f := strings.Fields(rest)
			value, _, err := store.ParseAmount(f[2])
			if err != nil {
				return err
			}
			r := store.MeasureRecord{Name: strings.ReplaceAll(name, "_", " "), Kind: store.MeasureKind(f[0]), Period: period(f[1]), Value: &value}
			if _, err := tx.RecordMeasure(&r, now); err != nil {
				return err
			}
		}
		m, _, err := tx.Measure("OMAOLO")
		if err != nil {
			return err
		}
		_, err = tx.FollowMeasure("KEVÄT", m, amount(50))
		return err
	})
	mustRead(t, db, func(tx *store.Tx) error {
		run, err := tx.CampaignRun("kevät", 0, day("2026-04-20"))
		if err != nil {
			return err
		}
		if got := fmt.Sprint(run.Year, run.Period, run.Actions); got != "2026 2026-02-10/2026-03-15 {2 1 1}" {
			t.Errorf("the run is %s", got)
		}
		list, err := tx.CampaignMeasures(run)
		if err != nil {
			return err
		}
		var got []string
		for _, c := range list {
			got = append(got, fmt.Sprintf("%s: %s > %s > %s, goal %s at %s", c.Measure.Name, total(c.Before.MeasureTotal), total(c.During.MeasureTotal), total(c.After.MeasureTotal), c.Goal.Goal, total(c.Goal.Reached)))
		}
		want := []string{
			"Omaolo: 21 2025-12 2026-01 > 42 2026-02 2026-03 > 3 2026-04 partly, goal 50 at 42 2026-02 2026-03",
			"Rekisteröityneet asukkaat: 75000 2025-12-31 > 80000 2026-03-01 > 90000 2026-04-01, goal 0 at -",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		// The spring is not during a campaign of the autumn, though both are of the same year.
		autumn, err := tx.CampaignRun("Syksy", 0, day("2026-04-20"))
		if err != nil {
			return err
		}
		if list, err = tx.CampaignMeasures(autumn); err != nil || len(list) != 1 || list[0].During.Known || list[0].During.Window != period("2026-09") {
			t.Errorf("in autumn %+v (%v)", list, err)
		}
		if run, err = tx.CampaignRun("Kevät", 2027, day("2026-04-20")); err != nil || run.Period.String() != "2027-02-10" {
			t.Errorf("in 2027 it is %v (%v)", run.Period, err)
		}
		years, err := tx.ActionsByYear(2026, 2027)
		if got := fmt.Sprint(years); got != "[{2026 [{2 1 0} {0 0 1} {1 0 0} {0 0 0}]} {2027 [{1 0 0} {0 0 0} {0 0 0} {0 0 0}]}]" {
			t.Errorf("the actions are %s", got)
		}
		return err
	})
}

// A measure's kind and unit are fixed by its first value; taking the last value away frees them.
func TestRecordMeasure(t *testing.T) {
	t.Parallel()
	db := mustOpen(t)
	now := at("2026-04-20 12:00")
	record := func(r store.MeasureRecord) (c *store.MeasureChange, key string) {
		mustWrite(t, db, func(tx *store.Tx) (err error) {
			c, err = tx.RecordMeasure(&r, now)
			if key = keyOf(err); key != "" {
				return nil
			}
			return err
		})
		return c, key
	}
	for _, tc := range []struct {
		name, want string
		record     store.MeasureRecord
	}{
		{"a new measure without a kind", "invalid.measure_kind_missing", store.MeasureRecord{Name: "Omaolo", Period: period("2024"), Value: amount(1)}},
		{"without a number", "invalid.measure_empty", store.MeasureRecord{Name: "Omaolo", Kind: store.Cumulative, Period: period("2024")}},
		{"without a name", "invalid.measure_name", store.MeasureRecord{Name: " 2024 ", Kind: store.Cumulative, Period: period("2024"), Value: amount(1)}},
		{"the first value", "new 1", store.MeasureRecord{Name: " Omaolo ", Kind: store.Cumulative, Period: period("2024"), Value: amount(1)}},
		{"the same again", "same", store.MeasureRecord{Name: "omaolo", Period: period("2024-01/2024-12"), Value: amount(1)}},
		{"its unit", "1", store.MeasureRecord{Name: "OMAOLO", Unit: "kpl", Period: period("2024"), Value: amount(1)}},
		{"a correction", "1.5 instead of 1", store.MeasureRecord{Name: "Omaolo", Unit: "KPL", Period: period("2024"), Value: amount(1.5)}},
		{"a goal beside it", "1.5", store.MeasureRecord{Name: "Omaolo", Period: period("2024"), Goal: amount(2)}},
		{"as another kind", "invalid.measure_is_cumulative", store.MeasureRecord{Name: "Omaolo", Kind: store.Level, Period: period("2025"), Value: amount(1)}},
		{"in another unit", "invalid.measure_unit", store.MeasureRecord{Name: "Omaolo", Unit: "%", Period: period("2025"), Value: amount(1)}},
	} {
		c, got := record(tc.record)
		if got == "" {
			switch got = c.Now.Value.String(); {
			case c.New:
				got = "new " + got
			case c.Same():
				got = "same"
			case c.Old.HasValue && c.Old.Value != c.Now.Value:
				got += " instead of " + c.Old.Value.String()
			}
		}
		if got != tc.want {
			t.Errorf("%s gives %s, want %s", tc.name, got, tc.want)
		}
	}
	mustWrite(t, db, func(tx *store.Tx) error {
		m, _, err := tx.Measure("Omaolo")
		if err != nil {
			return err
		}
		old, ok, err := tx.RemovePoint(m, period("2024"))
		if !ok || old.Goal != *amount(2) {
			t.Errorf("removed %+v %v", old, ok)
		}
		return err
	})
	if c, key := record(store.MeasureRecord{Name: "Omaolo", Kind: store.Level, Period: period("2025"), Value: amount(1)}); key != "" || !c.New {
		t.Errorf("begun anew it gives %+v %s", c, key)
	}
}
