package graph_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"vuosikello/graph"
	"vuosikello/graph/graphtest"
	"vuosikello/store"
)

const reportHeader = "Report Refresh Date,Team Name,Team Id,Team Type,Last Activity Date,Report Period,Active users,Active Channels,Guests,Reactions," +
	"Meetings Organized,Post Messages,Reply Messages,Channel Messages,Urgent Messages,Mentions\n"

func activity() store.TeamActivity {
	return store.TeamActivity{
		GroupID: teamA, Name: `Viestintä, "yhteinen"`, Refreshed: store.NewDate(2026, 11, 22), LastActivity: store.NewDate(2026, 11, 20), Days: 30,
		ActiveUsers: 12, ActiveChannels: 3, Guests: 2, Posts: 60, Replies: 80, Messages: 140, Reactions: 40, Mentions: 9, Met: 5,
	}
}

func TestTeamActivity(t *testing.T) {
	for name, serve := range map[string]func() *graphtest.Server{"on this machine": graphtest.New, "over TLS": graphtest.NewTLS} {
		t.Run(name, func(t *testing.T) {
			server := serve()
			t.Cleanup(server.Close)
			client, err := graph.New(graph.Config{Credential: graphtest.Credential{}, BaseURL: server.URL, HTTP: server.Client(), Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			quiet := store.TeamActivity{GroupID: teamB, Name: "Hiljainen", Refreshed: store.NewDate(2026, 11, 22), Days: 30}
			server.SetActivity(activity(), quiet)
			got, err := client.TeamActivity(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff([]store.TeamActivity{activity(), quiet}, got); diff != "" {
				t.Error(diff)
			}

			// Concealed names are no names: the numbers are there, of teams that nobody can tell.
			server.ConcealNames(true)
			if got, err = client.TeamActivity(t.Context()); err != nil || len(got) != 2 {
				t.Fatalf("%v, %v", got, err)
			}
			concealed := activity()
			concealed.GroupID, concealed.Name, concealed.Concealed = "", "", true
			if diff := gocmp.Diff(concealed, got[0]); diff != "" {
				t.Error(diff)
			}

			server.Withhold(graphtest.ReportsRead)
			_, err = client.TeamActivity(t.Context())
			if p := wantProblem(t, err, store.GraphForbidden); p.Permission != "Reports.Read.All" || p.Who != "a Global Administrator or Privileged Role Administrator" {
				t.Errorf("missing %q, granted by %q", p.Permission, p.Who)
			}
		})
	}
}

// What may come instead of the report. Nothing of a broken one is given.
func TestBrokenActivityReports(t *testing.T) {
	const report, file = "/reports/getTeamsTeamActivityDetail(period='D30')", "/data/download/report"
	row := "2026-11-22,Viestintä," + teamA + ",Private,2026-11-20,30,12,3,2,40,5,60,80,140,1,9\n"
	for name, test := range map[string]struct {
		fault graphtest.Fault
		says  string // "" is no error
	}{
		"nothing but its header":       {graphtest.Fault{Path: file, Body: reportHeader}, ""},
		"columns in another order":     {graphtest.Fault{Path: file, Body: "Extra," + reportHeader + "x," + row}, ""},
		"empty":                        {graphtest.Fault{Path: file, Status: 200}, "empty"},
		"a web page":                   {graphtest.Fault{Path: file, Body: "<html>\n<p>Log in</p>"}, "no column"},
		"a column that is gone":        {graphtest.Fault{Path: file, Body: strings.Replace(reportHeader, "Guests,", "", 1) + row}, `no column "guests"`},
		"a row that is too short":      {graphtest.Fault{Path: file, Body: reportHeader + row + "2026-11-22,Viestintä\n"}, "line 3 of the report: wrong number of fields"},
		"a number that is none":        {graphtest.Fault{Path: file, Body: reportHeader + strings.Replace(row, ",140,", ",1 40,", 1)}, `line 2 of the report: the column "channel messages" holds no number`},
		"a number below nothing":       {graphtest.Fault{Path: file, Body: reportHeader + strings.Replace(row, ",140,", ",-1,", 1)}, "holds no number"},
		"a date that is none":          {graphtest.Fault{Path: file, Body: reportHeader + strings.Replace(row, "2026-11-20", "20.11.2026", 1)}, `the column "last activity date" holds no date`},
		"a quote that does not end":    {graphtest.Fault{Path: file, Body: reportHeader + `2026-11-22,"Viestintä`}, "line 2 of the report"},
		"cut off":                      {graphtest.Fault{Path: file, Cut: true}, "cut off"},
		"gone from where it was":       {graphtest.Fault{Path: file, Status: 404}, "404"},
		"not made yet":                 {graphtest.Fault{Path: report, Status: 200, Body: "{}"}, "HTTP 200 instead of"},
		"a way to nowhere":             {graphtest.Fault{Path: report, Status: 302}, "not Microsoft's"},
		"a way to a stranger":          {graphtest.Fault{Path: report, Status: 302, Link: "https://reports.office.com.example.org/x"}, "not Microsoft's"},
		"a way without TLS":            {graphtest.Fault{Path: report, Status: 302, Link: "http://reports.office.com/x"}, "not Microsoft's"},
		"a way with a password":        {graphtest.Fault{Path: report, Status: 302, Link: "https://a:b@reports.office.com/x"}, "not Microsoft's"},
		"a way to another port":        {graphtest.Fault{Path: report, Status: 302, Link: "https://reports.office.com:8443/x"}, "not Microsoft's"},
		"a way to a file":              {graphtest.Fault{Path: report, Status: 302, Link: "file:///etc/passwd"}, "not Microsoft's"},
		"a way that turns again there": {graphtest.Fault{Path: file, Status: 302, Link: "https://example.org/"}, "302"},
	} {
		t.Run(name, func(t *testing.T) {
			server, client := mustServe(t)
			server.SetActivity(activity())
			server.Disturb(test.fault)
			rows, err := client.TeamActivity(t.Context())
			if test.says == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantProblem(t, err, map[bool]store.GraphProblem{true: store.GraphNotFound, false: store.GraphUnavailable}[test.says == "404"])
			if rows != nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "Viestintä") {
				t.Errorf("gives %d rows and says %q, which should name %q and no content", len(rows), err, test.says)
			}
		})
	}
}

// From the public cloud, reports come from Microsoft's hosts; the token stays behind.
func TestTheReportIsDownloadedWithoutTheToken(t *testing.T) {
	var asked []string
	client, err := graph.New(graph.Config{Credential: graphtest.Credential{}, Now: time.Now, HTTP: &http.Client{Transport: transportFunc(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.Host+" "+r.Header.Get("Authorization"))
		if len(asked) == 1 {
			return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {"https://reportsweu.office.com/data/download/x?token=y"}}, Body: http.NoBody}, nil
		}
		return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{}, Body: http.NoBody}, nil
	})}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.TeamActivity(t.Context())
	wantProblem(t, err, store.GraphForbidden)
	if diff := gocmp.Diff([]string{"graph.microsoft.com Bearer stand-in", "reportsweu.office.com "}, asked); diff != "" {
		t.Error(diff)
	}
}
