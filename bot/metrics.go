package bot

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"vuosikello/store"
)

// Metrics are the figures of a running bot. The help text of each says what it means.
type Metrics struct {
	Registry       *prometheus.Registry
	scheduled      prometheus.Counter
	sends          *prometheus.CounterVec
	doubts         *prometheus.CounterVec
	updates        *prometheus.CounterVec
	replies        *prometheus.CounterVec
	sendSeconds    prometheus.Histogram
	delaySeconds   prometheus.Histogram
	commandSeconds prometheus.Histogram
	requests       *prometheus.HistogramVec
	connector      *prometheus.HistogramVec
	graph          *prometheus.HistogramVec
	looks          *prometheus.CounterVec
	slowed         *prometheus.CounterVec
}

// NewMetrics registers every figure in a registry of its own.
func NewMetrics() *Metrics {
	fast := []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
	slow := []float64{.05, .1, .25, .5, 1, 5, 15, 60, 300, 900, 3600}
	m := &Metrics{
		Registry:  prometheus.NewRegistry(),
		scheduled: prometheus.NewCounter(prometheus.CounterOpts{Name: "vuosikello_posts_scheduled_total", Help: "Posts that the scheduler wrote to the outbox."}),
		sends: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vuosikello_post_attempts_total",
			Help: "Attempts to send a post, by outcome: sent, retry (certainly not accepted), in_doubt (no answer came), failed (for good)."}, []string{"outcome"}),
		doubts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vuosikello_posts_looked_for_total",
			Help: "Posts in doubt that were looked for through Graph before they were sent again: found (they were there), absent, unknown (Graph could not tell)."}, []string{"outcome"}),
		updates: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vuosikello_card_updates_total",
			Help: "Attempts to update a posted card, by outcome: updated, retry, failed (for good)."}, []string{"outcome"}),
		replies: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vuosikello_replies_total", Help: "Answers to commands, by outcome: sent, failed."}, []string{"outcome"}),
		sendSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "vuosikello_post_attempt_seconds",
			Help: "How long an attempt to send a post took, the wait for the platform's limits included.", Buckets: slow}),
		delaySeconds: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "vuosikello_post_delay_seconds",
			Help: "How long posts were in the outbox until they were sent.", Buckets: slow}),
		commandSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "vuosikello_command_seconds",
			Help: "How long it took to work out the answer to a command, without sending it.", Buckets: fast}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "vuosikello_request_seconds",
			Help: "How long incoming requests took, by HTTP status.", Buckets: fast}, []string{"status"}),
		connector: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "vuosikello_connector_seconds",
			Help: "How long requests to the Bot Connector took, without the wait for its limits, by operation and HTTP status (0: no answer).", Buckets: fast}, []string{"operation", "status"}),
	}
	m.graph = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "vuosikello_graph_seconds",
		Help: "How long requests to Microsoft Graph took, without the wait for its limits, by operation and HTTP status (0: no answer).", Buckets: fast}, []string{"operation", "status"})
	m.looks = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vuosikello_channel_looks_total",
		Help: "Looks at who can see a channel, by outcome: graph (told by Graph), forbidden or failed (not told), bot (taken from what the bot itself knows)."}, []string{"outcome"})
	m.slowed = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vuosikello_slowed_total",
		Help: "What was not acted upon because one person sent more than people do: activity (commands, clicks, files) or page (downloads, feeds, the tab)."}, []string{"what"})
	m.Registry.MustRegister(m.slowed, m.looks, m.graph, m.doubts, m.scheduled, m.sends, m.updates, m.replies, m.sendSeconds, m.delaySeconds, m.commandSeconds, m.requests, m.connector,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// ObserveRequest records an incoming request; see teams.EndpointConfig.
func (m *Metrics) ObserveRequest(status int, took time.Duration) {
	m.requests.WithLabelValues(statusLabel(status)).Observe(took.Seconds())
}

// ObserveConnector records a request to the connector; see teams.ClientConfig.
func (m *Metrics) ObserveConnector(op string, status int, took time.Duration) {
	m.connector.WithLabelValues(op, statusLabel(status)).Observe(took.Seconds())
}

// ObserveGraph records a request to Graph; see graph.Config.
func (m *Metrics) ObserveGraph(op string, status int, took time.Duration) {
	m.graph.WithLabelValues(op, statusLabel(status)).Observe(took.Seconds())
}

// statusLabels keeps the label from being built anew for each request.
var statusLabels = map[int]string{0: "0", 200: "200", 201: "201", 202: "202", 400: "400", 401: "401", 403: "403", 404: "404", 405: "405", 413: "413", 429: "429", 500: "500", 502: "502", 503: "503", 504: "504"}

func statusLabel(status int) string {
	if s, ok := statusLabels[status]; ok {
		return s
	}
	return "other"
}

// heartbeat tells that a loop is running.
type heartbeat struct{ last atomic.Int64 }

// staleBeat is how long a loop may be silent: it looks every second, and a database that waits for a lock takes five.
const staleBeat = 30 * time.Second

func (h *heartbeat) now() { h.last.Store(time.Now().UnixNano()) }

func (h *heartbeat) alive() bool { return time.Since(time.Unix(0, h.last.Load())) < staleBeat }

// queueCollector measures the outbox when the figures are read.
type queueCollector struct {
	b                     *Bot
	waiting, updates, age *prometheus.Desc
	limiter               *prometheus.Desc
}

// CollectQueue adds the figures of the bot's outbox to its registry.
func (b *Bot) CollectQueue() {
	b.Metrics.Registry.MustRegister(&queueCollector{b,
		prometheus.NewDesc("vuosikello_outbox_posts", "Posts that the connector has not accepted yet.", nil, nil),
		prometheus.NewDesc("vuosikello_outbox_updates", "Posted cards that should show something else than they do.", nil, nil),
		prometheus.NewDesc("vuosikello_outbox_oldest_seconds", "How long the oldest post in the outbox has waited.", nil, nil),
		prometheus.NewDesc("vuosikello_limiter_waiting", "Requests to the connector that wait for the platform's limits.", nil, nil)})
}

func (c *queueCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.waiting, c.updates, c.age, c.limiter} {
		ch <- d
	}
}

func (c *queueCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := contextWithTimeout(collectTimeout)
	defer cancel()
	ch <- prometheus.MustNewConstMetric(c.limiter, prometheus.GaugeValue, float64(c.b.Client.Limiter().Waiting()))
	var q store.Queue
	if err := c.b.DB.Read(ctx, func(tx *store.Tx) (err error) { q, err = tx.Queue(); return err }); err != nil {
		ch <- prometheus.NewInvalidMetric(c.waiting, err)
		return
	}
	age := 0.0
	if q.OldestMS != 0 {
		age = time.Since(time.UnixMilli(q.OldestMS)).Seconds()
	}
	ch <- prometheus.MustNewConstMetric(c.waiting, prometheus.GaugeValue, float64(q.Waiting))
	ch <- prometheus.MustNewConstMetric(c.updates, prometheus.GaugeValue, float64(q.Updates))
	ch <- prometheus.MustNewConstMetric(c.age, prometheus.GaugeValue, age)
}
