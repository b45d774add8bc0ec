package cards_test

import (
	"time"

	"vuosikello/cards"
	"vuosikello/store"
)

// measure makes one of a period and a number each, the goals after their periods' numbers with a bar.
func measure(name, unit string, kind store.MeasureKind, numbers ...string) *store.Measure {
	var m *store.Measure
	for i := 0; i+2 < len(numbers); i += 3 {
		p, err := store.ParsePeriod(numbers[i])
		if err != nil {
			panic(err)
		}
		r := store.MeasureRecord{Name: name, Kind: kind, Unit: unit, Period: p, Source: "Innokylä, Helsingin Omaolo-viestintä"}
		for at, dest := range []**store.Amount{&r.Value, &r.Goal} {
			if text := numbers[i+1+at]; text != "" {
				a, _, err := store.ParseAmount(text)
				if err != nil {
					panic(err)
				}
				*dest = &a
			}
		}
		c, err := r.Apply(m)
		if err != nil {
			panic(err)
		}
		m = c.Measure
		m.ID = 1
	}
	return m
}

func measureSamples() []sample {
	omaolo := measure("Omaolo", "kpl", store.Cumulative, "2023", "106140", "", "2024", "147166", "150000", "2025-01/2025-05", "66875", "", "2025-05", "12400", "", "2025", "", "160000")
	residents := measure("Rekisteröityneet asukkaat", "käyttäjää", store.Level, "2023-12-31", "40000", "", "2024-12-31", "75000", "", "2025-12-31", "", "100000")
	long := measure("Terveystarkastuslomakkeen käyttöönottaneiden neuvolayksiköiden osuus", "%", store.Level, "2026-01", "12,5", "", "2026-02", "9,25", "")
	goal := measure("Digipolku", "", store.Cumulative, "2026", "", "5000")
	visits := measure("Verkkosivun käynnit", "käyntiä", store.Cumulative, "2025-12", "900", "", "2026-01", "1000", "", "2026-02", "1500", "", "2026-03", "1700", "")
	realised := measure("Toteutuneet toimenpiteet", "toimenpidettä", store.Cumulative, "2023", "10", "", "2024", "24", "", "2025-01/2025-06", "15", "")
	all := []*store.Measure{goal, omaolo, residents, long, realised, visits}

	run := store.CampaignRun{Campaign: "Terveystarkastukset", Year: 2026, Period: store.Period{Start: store.NewDate(2026, time.January, 12), End: store.NewDate(2026, time.March, 27)},
		Actions: store.Actions{Planned: 5, Done: 3, Cancelled: 1}}
	figure := func(m *store.Measure, period string) store.CampaignFigure {
		p, err := store.ParsePeriod(period)
		if err != nil {
			panic(err)
		}
		return store.CampaignFigure{MeasureTotal: m.Total(p), Window: p}
	}
	campaign := cards.CampaignMeasures{Run: run, Today: today, Others: []string{"Omaolo", "Chat"}, Measures: []store.CampaignMeasure{
		{Measure: long, Named: true, Before: store.CampaignFigure{}, During: figure(long, "2026-02"), After: store.CampaignFigure{}},
		{Measure: visits, Before: figure(visits, "2025-10/2025-12"), During: figure(visits, "2026-01/2026-03"), After: figure(visits, "2026-04/2026-06"),
			HasGoal: true, Goal: store.MeasureGoal{Goal: 60_000_000, Reached: figure(visits, "2026-01/2026-03").MeasureTotal}},
	}}
	none := campaign
	none.Measures, none.Changed = nil, "Kampanjaa ei enää seurata mittarilla Omaolo."

	years := []cards.YearOfActions{}
	for _, y := range []int{2023, 2024, 2025, 2026} {
		a := cards.YearOfActions{YearActions: store.YearActions{Year: y}, Recorded: realised.Total(store.PeriodOf(store.UnitYear, store.NewDate(y, 1, 1)))}
		if y >= 2025 {
			a.Quarters = [4]store.Actions{{Planned: 30, Done: 28, Cancelled: 2}, {Planned: 34, Done: 4}, {Planned: 21}, {Planned: 35}}
		}
		years = append(years, a)
	}
	return []sample{
		{"measures", cards.Measures{Measures: all, Campaigns: []string{"Allergiakausi", "Terveystarkastukset"}}},
		{"measures_empty", cards.Measures{}},
		{"measure_cumulative", cards.MeasureSeries{Measure: omaolo}},
		{"measure_level", cards.MeasureSeries{Measure: residents}},
		{"measure_saved", cards.MeasureSeries{Measure: long, Saved: "Korjattu: " + long.Name + ", helmikuu 2026: 9,25 %. Aiempi luku oli 8 %.", Warning: "Jakso ei ole vielä alkanut. Tarkista, että se on oikea."}},
		{"measure_goal", cards.MeasureSeries{Measure: goal}},
		{"campaignmeasures", campaign},
		{"campaignmeasures_none", none},
		{"actions", cards.PlannedAndDone{Years: years, Measure: realised.Name}},
		{"actions_clock", cards.PlannedAndDone{Years: []cards.YearOfActions{{YearActions: years[3].YearActions}}}},
		{"actions_none", cards.PlannedAndDone{}},
	}
}

// hostileMeasures are the cards of many measures with many values, all of whose texts are the same.
func hostileMeasures(text string, many []string) []sample {
	m := &store.Measure{Name: text, Unit: text, Kind: store.Cumulative}
	for i := range 500 {
		day := today + store.Date(i)
		m.Points = append(m.Points, store.MeasurePoint{Period: store.Period{Start: day, End: day}, Value: -999_999_999_999_999, HasValue: true, Goal: 999_999_999_999_999, HasGoal: true, Source: text})
	}
	all := make([]*store.Measure, 500)
	followed := make([]store.CampaignMeasure, 500)
	years := make([]cards.YearOfActions, 300)
	for i := range all {
		all[i] = m
		followed[i] = store.CampaignMeasure{Measure: m, HasGoal: true, Goal: store.MeasureGoal{Goal: 1}, During: store.CampaignFigure{MeasureTotal: store.MeasureTotal{Known: true, Periods: []store.Period{m.Points[0].Period}}}}
	}
	for i := range years {
		years[i].Year = 1900 + i
		years[i].Quarters = [4]store.Actions{{Planned: 1e6, Done: 1e6, Cancelled: 1e6}, {Planned: 1}, {Planned: 1}, {Planned: 1}}
		years[i].Recorded = followed[0].During.MeasureTotal
	}
	return []sample{
		{"measures", cards.Measures{Measures: all, Campaigns: many}},
		{"measure", cards.MeasureSeries{Measure: m, Saved: text, Warning: text}},
		{"campaign's measures", cards.CampaignMeasures{Run: store.CampaignRun{Campaign: text}, Measures: followed, Others: many, Changed: text, Today: today}},
		{"actions", cards.PlannedAndDone{Years: years, Measure: text}},
	}
}
