// Command bench measures what the gateway adds to a call to its upstream, side by side with nginx proxying the same calls to
// the same upstream on the same machine in the same run:
//
//	go run ./server/bench
//
// The upstream is a stand-in that reads the call and answers after 0 or 50 ms. Every call carries another picture of
// 200 KB. Proxies take turns within each round, so that what else the machine does hits all; what is printed is the
// median over the rounds. nginx runs twice: with a bare proxy_pass, which writes bodies of this size to a file and opens
// a connection for each call, and tuned as one would for this: bodies in memory, connections kept alive.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

func main() {
	log.SetFlags(0)
	var o options
	flag.DurationVar(&o.each, "each", 2*time.Second, "measuring time for each proxy, load and round")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds, of which the median counts")
	connections := flag.String("connections", "1,32,256", "connections that call without a pause")
	delays := flag.String("delays", "0s,50ms", "times that the upstream takes to answer")
	flag.StringVar(&o.gateway, "gateway", "", "gateway's binary (default: built from ./server)")
	flag.Parse()
	var err error
	if o.connections, err = parseList(*connections, strconv.Atoi); err != nil {
		log.Fatal(err)
	}
	if o.delays, err = parseList(*delays, time.ParseDuration); err != nil {
		log.Fatal(err)
	}
	if err := o.run(); err != nil {
		log.Fatal(err)
	}
}

func parseList[T any](text string, parse func(string) (T, error)) ([]T, error) {
	var list []T
	for t := range strings.SplitSeq(text, ",") {
		v, err := parse(t)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

type options struct {
	each        time.Duration
	rounds      int
	connections []int
	delays      []time.Duration
	gateway     string
}

// run measures and prints one table.
func (o options) run() error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	programs, err := build(dir, o.gateway)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "upstream\tconnections\t\tp50 ms\tp99 ms\trequests/s\tCPU ms\tpeak MB\terrors\t")
	for _, delay := range o.delays {
		if err := o.atDelay(table, programs, delay); err != nil {
			return err
		}
	}
	return table.Flush()
}

// atDelay measures the proxies before an upstream with one delay.
func (o options) atDelay(table *tabwriter.Writer, p programs, delay time.Duration) error {
	var started processes
	defer started.stop()
	upstream, err := started.standin(p, delay)
	if err != nil {
		return err
	}
	gateway, err := started.gateway(p, upstream)
	if err != nil {
		return err
	}
	plain, err := started.nginx(p, upstream, false)
	if err != nil {
		return err
	}
	tuned, err := started.nginx(p, upstream, true)
	if err != nil {
		return err
	}
	for _, connections := range o.connections {
		if err := o.compare(table, delay, connections, gateway, plain, tuned); err != nil {
			return err
		}
	}
	return nil
}

// compare loads the proxies in turn and prints the medians of each, and the first one's in relation to the others'.
func (o options) compare(table *tabwriter.Writer, delay time.Duration, connections int, proxies ...*proxy) error {
	results := make([][]result, len(proxies))
	for round := range o.rounds {
		for turn := range proxies {
			i := (round + turn) % len(proxies) // none always goes first
			r, err := proxies[i].measure(connections, o.each)
			if err != nil {
				return err
			}
			results[i] = append(results[i], r)
		}
	}
	ours := medians(results[0])
	for i, p := range proxies {
		m := medians(results[i])
		m.print(table, delay, connections, p.name)
		if i > 0 {
			ours.printRatio(table, m)
		}
	}
	return nil
}

// result is one measurement, or the medians of several.
type result struct {
	p50, p99 time.Duration
	rate     float64       // requests a second
	cpu      time.Duration // a call, of the proxy's processes
	peak     float64       // bytes
	errors   int           // calls without a good answer
}

func medians(all []result) result {
	sorted := func(of func(result) float64) float64 {
		v := make([]float64, len(all))
		for i, r := range all {
			v[i] = of(r)
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	m := result{
		p50:  time.Duration(sorted(func(r result) float64 { return float64(r.p50) })),
		p99:  time.Duration(sorted(func(r result) float64 { return float64(r.p99) })),
		rate: sorted(func(r result) float64 { return r.rate }),
		cpu:  time.Duration(sorted(func(r result) float64 { return float64(r.cpu) })),
		peak: sorted(func(r result) float64 { return r.peak }),
	}
	for _, r := range all {
		m.errors += r.errors
	}
	return m
}

func (r result) print(t *tabwriter.Writer, delay time.Duration, connections int, name string) {
	fmt.Fprintf(t, "%v\t%d\t%s\t%.2f\t%.2f\t%.0f\t%.3f\t%.0f\t%d\t\n", delay, connections, name,
		r.p50.Seconds()*1e3, r.p99.Seconds()*1e3, r.rate, r.cpu.Seconds()*1e3, r.peak/(1<<20), r.errors)
}

func (r result) printRatio(t *tabwriter.Writer, base result) {
	fmt.Fprintf(t, "\t\tgateway to it\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t\t\n", r.p50.Seconds()/base.p50.Seconds(),
		r.p99.Seconds()/base.p99.Seconds(), r.rate/base.rate, r.cpu.Seconds()/base.cpu.Seconds(), r.peak/base.peak)
}
