package graph

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/reports"

	"vuosikello/store"
)

const (
	activityPeriod = "D30"

	// maxReport bounds a report: one of 100,000 teams takes some 15 MiB.
	maxReport = 64 << 20
)

// TeamActivity returns the report of the last 30 days' activity, one value for each team of the organisation that has any.
//
// Where the organisation conceals names in reports (Microsoft 365 admin center, Settings, Org settings, Reports), the values say so instead
// of naming teams. A report that is broken anywhere is an error that names the line and the column, and gives no values.
func (c *Client) TeamActivity(ctx context.Context) ([]store.TeamActivity, error) {
	link, err := c.activityLink(ctx)
	if err != nil {
		return nil, readActivity.problem(err)
	}
	rows, err := c.downloadActivity(ctx, link)
	if err != nil {
		return nil, download.problem(err)
	}
	return rows, nil
}

// activityLink asks for the report. The answer is where it can be downloaded.
func (c *Client) activityLink(ctx context.Context) (*url.URL, error) {
	a, period := &adapter{client: c, op: &readActivity}, activityPeriod
	info, err := reports.NewGetTeamsTeamActivityDetailWithPeriodRequestBuilderInternal(map[string]string{}, a, &period).ToGetRequestInformation(ctx, nil)
	if err != nil {
		return nil, err
	}
	var link *url.URL
	err = a.converse(ctx, info, func(resp *http.Response) error {
		if resp.StatusCode != http.StatusFound {
			return fmt.Errorf("HTTP %d instead of the way to the report", resp.StatusCode)
		}
		link, err = url.Parse(resp.Header.Get("Location"))
		if err != nil || !c.downloads(link) {
			return errors.New("the way to the report leads to a host that is not Microsoft's and is not followed")
		}
		return nil
	})
	return link, err
}

// downloads says whether reports are downloaded from an address: Microsoft's own, or the host and port that Graph itself was configured to be.
func (c *Client) downloads(u *url.URL) bool {
	host := strings.ToLower(u.Hostname())
	switch {
	case u.User != nil || host == "":
		return false
	case u.Scheme == "http":
		return c.base.Scheme == "http" && loopback(host)
	case u.Scheme != "https":
		return false
	case strings.EqualFold(u.Host, c.base.Host) || loopback(host) && loopback(c.base.Hostname()):
		return true
	}
	return u.Port() == "" && microsoftHost.MatchString(host)
}

// microsoftHost are the names from which Microsoft 365 serves reports in its clouds, such as reports.office.com and reportsweu.office.com.
var microsoftHost = regexp.MustCompile(`^[a-z0-9.-]+\.(office\.com|office\.net|office365\.com|office365\.us|microsoft\.com|microsoft\.us|cloud\.microsoft|partner\.office365\.cn|microsoftonline\.cn)$`)

// downloadActivity reads the report as it comes. The link is a secret of its own: no token goes there, and it is not told in errors.
func (c *Client) downloadActivity(ctx context.Context, link *url.URL) (rows []store.TeamActivity, err error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link.String(), http.NoBody)
	if err != nil {
		return nil, withoutAddress(err)
	}
	began := c.now()
	resp, err := c.http.Do(req)
	if err != nil {
		c.observe(download.name, 0, c.now().Sub(began))
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		rows, err = readActivityReport(io.LimitReader(resp.Body, maxReport))
	} else {
		err = newRefusal(&download, resp.StatusCode, resp.Header, nil, c.now())
	}
	c.observe(download.name, resp.StatusCode, c.now().Sub(began))
	return rows, err
}

// activityColumns are the report's columns that count something, and where that goes.
var activityColumns = map[string]func(*store.TeamActivity) *int{
	"active users":       func(a *store.TeamActivity) *int { return &a.ActiveUsers },
	"active channels":    func(a *store.TeamActivity) *int { return &a.ActiveChannels },
	"guests":             func(a *store.TeamActivity) *int { return &a.Guests },
	"reactions":          func(a *store.TeamActivity) *int { return &a.Reactions },
	"meetings organized": func(a *store.TeamActivity) *int { return &a.Met },
	"post messages":      func(a *store.TeamActivity) *int { return &a.Posts },
	"reply messages":     func(a *store.TeamActivity) *int { return &a.Replies },
	"channel messages":   func(a *store.TeamActivity) *int { return &a.Messages },
	"mentions":           func(a *store.TeamActivity) *int { return &a.Mentions },
	"report period":      func(a *store.TeamActivity) *int { return &a.Days },
}

// The other columns that are read.
const (
	columnRefreshed = "report refresh date"
	columnTeam      = "team name"
	columnTeamID    = "team id"
	columnLast      = "last activity date"
)

// readActivityReport reads the CSV file. Its headers are compared without case, which Microsoft has changed; columns that are not known are
// passed over.
func readActivityReport(from io.Reader) ([]store.TeamActivity, error) {
	r := csv.NewReader(from)
	r.ReuseRecord = true
	header, err := r.Read()
	if err != nil {
		return nil, reportProblem(err)
	}
	column := make(map[string]int)
	for i, name := range header {
		column[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	for _, name := range []string{columnRefreshed, columnTeam, columnTeamID, columnLast} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("the report has no column %q", name)
		}
	}
	for name := range activityColumns {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("the report has no column %q", name)
		}
	}
	rows := []store.TeamActivity{}
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, reportProblem(err)
		}
		line, _ := r.FieldPos(0)
		row, err := activityOf(func(name string) string { return strings.TrimSpace(record[column[name]]) })
		if err != nil {
			return nil, fmt.Errorf("line %d of the report: %w", line, err)
		}
		rows = append(rows, row)
	}
}

func activityOf(field func(column string) string) (row store.TeamActivity, err error) {
	for name, of := range activityColumns {
		value := field(name)
		if value == "" {
			continue // nothing of the kind
		}
		n, err := strconv.Atoi(value)
		if err != nil || n < 0 {
			return row, fmt.Errorf("the column %q holds no number", name)
		}
		*of(&row) = n
	}
	for name, date := range map[string]*store.Date{columnRefreshed: &row.Refreshed, columnLast: &row.LastActivity} {
		if *date, err = store.ParseDate(field(name)); err != nil {
			return row, fmt.Errorf("the column %q holds no date", name)
		}
	}
	id, name := guid(field(columnTeamID)), field(columnTeam)
	if row.Concealed = id == "" || concealedName.MatchString(name); !row.Concealed {
		row.GroupID, row.Name = id, strings.Clone(name)
	}
	return row, nil
}

// concealedName is the form of the hashes that stand for names where they are concealed.
var concealedName = regexp.MustCompile(`^[0-9A-Fa-f]{32}$`)

// reportProblem says what is wrong with the file without quoting it.
func reportProblem(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return errors.New("the report is empty")
	case errors.As(err, &parse):
		return fmt.Errorf("line %d of the report: %w", parse.Line, parse.Err)
	}
	return fmt.Errorf("the report was cut off: %w", err)
}
