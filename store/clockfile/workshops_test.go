package clockfile_test

import (
	"os"
	"strings"
	"testing"

	"vuosikello/store"
	"vuosikello/store/clockfile"
)

func TestWorkshops(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/tyopajat.csv")
	if err != nil {
		t.Fatal(err)
	}
	f := MustReadClean(t, "tyopajat.csv", data, clockfile.Options{})
	if f.Kind != clockfile.Workshops || len(f.Topics) != 23 {
		t.Fatalf("kind %v with %d topics", f.Kind, len(f.Topics))
	}
	count := map[store.TopicType]int{}
	for _, topic := range f.Topics {
		count[topic.Type]++
	}
	if count[store.TopicOpen] != 7 || count[store.TopicThemed] != 9 || count[store.TopicSegmented] != 7 {
		t.Errorf("counted %v", count)
	}
	if want := (store.Topic{Type: store.TopicOpen, Title: "Kuinka vertailla yritykselle ostettavia digitaalisia palveluita?"}); f.Topics[0] != want {
		t.Errorf("first %+v", f.Topics[0])
	}
}

func TestWorkshopRows(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, rows, topics, problems string }{
		{"Swedish words", "typ;segment;rubrik\nöppen;;Dataskydd\nsegmenterad;Fysioterapeuter;Video\n", "open//Dataskydd segmented/Fysioterapeuter/Video", ""},
		{"English words, commas", "type,segment,title\nthemed,,Excel\n", "themed//Excel", ""},
		{"the same topic twice, in another case", "tyyppi;segmentti;otsikko\navoin;;Tietoturva\nAvoin;;TIETOTURVA \n", "open//Tietoturva", ""},
		{"an empty row is skipped", "tyyppi;segmentti;otsikko\n;;\navoin;;Tietoturva\n", "open//Tietoturva", ""},
		{"a type that is none", "tyyppi;segmentti;otsikko\nkokeellinen;;Tietoturva\n", "", "A2 import.problem.topic_type"},
		{"no title", "tyyppi;segmentti;otsikko\navoin;;\n", "", "C2 invalid.title_missing"},
		{"segmented for nobody", "tyyppi;segmentti;otsikko\nsegmentoitu;;Video\n", "", "B2 import.problem.topic_segment"},
		{"a title that no card can hold", "tyyppi;segmentti;otsikko\navoin;;" + strings.Repeat("x", store.MaxTitle+1) + "\n", "", "C2 invalid.too_long"},
		{"a formula is text", "tyyppi;segmentti;otsikko\navoin;;'=1+1\n", "open//=1+1", ""},
	} {
		f := MustRead(t, "tyopajat.csv", []byte(tc.rows), clockfile.Options{})
		var topics, problems []string
		for _, topic := range f.Topics {
			topics = append(topics, string(topic.Type)+"/"+topic.Segment+"/"+topic.Title)
		}
		for _, p := range f.Problems {
			problems = append(problems, p.Cell+" "+p.Key)
		}
		if got := strings.Join(topics, " "); got != tc.topics {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.topics)
		}
		if got := strings.Join(problems, " "); got != tc.problems {
			t.Errorf("%s: problems %s, want %s", tc.name, got, tc.problems)
		}
	}
}
