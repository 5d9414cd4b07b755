package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// printTables writes all tables.
func printTables(w io.Writer, outcomes []outcome) {
	printNumbers(w, outcomes)
	printOutlines(w, outcomes)
	printConfidence(w, outcomes)
	printInventions(w, outcomes)
	printTimes(w, outcomes)
	printFailures(w, outcomes)
}

// grouping names a way to split pictures, and gives each picture's group.
type grouping struct {
	title string
	key   func(*outcome) string
}

// groups returns the outcomes that key gives a name, by that name, in the names' order.
func groups(outcomes []outcome, key func(*outcome) string) (names []string, by map[string][]*outcome) {
	by = map[string][]*outcome{}
	for i := range outcomes {
		if k := key(&outcomes[i]); k != "" {
			if by[k] == nil {
				names = append(names, k)
			}
			by[k] = append(by[k], &outcomes[i])
		}
	}
	slices.Sort(names)
	return names, by
}

func printNumbers(w io.Writer, outcomes []outcome) {
	fmt.Fprintf(w, "%-12s %-20s %9s %6s %8s\n", "numbers", "", "exact", "share", "digits")
	numbered := func(key func(*outcome) string) func(*outcome) string {
		return func(o *outcome) string {
			if !o.hasNumber() {
				return ""
			}
			return key(o)
		}
	}
	for _, g := range []grouping{
		{"all", func(*outcome) string { return "all" }},
		{"kind", func(o *outcome) string { return o.Kind }},
		{"length", func(o *outcome) string { return fmt.Sprint(o.length()) }},
		{"print", func(o *outcome) string {
			if o.Embossed {
				return "embossed"
			}
			return "flat"
		}},
		{"layout", func(o *outcome) string { return o.Layout }},
		{"clarity", func(o *outcome) string { return o.clearness() }},
		{"angle", (*outcome).angle},
	} {
		names, by := groups(outcomes, numbered(g.key))
		for _, name := range names {
			exact, right, digits := 0, 0, 0
			for _, o := range by[name] {
				if o.exact() {
					exact++
				}
				right += o.rightDigits()
				digits += len(o.Number)
			}
			known := "–" // of numbers kept as checks, no digit is
			if digits > 0 {
				known = fmt.Sprintf("%.3f", share(right, digits))
			}
			fmt.Fprintf(w, "%-12s %-20s %4d/%4d %6.3f %8s\n", g.title, name, exact, len(by[name]), share(exact, len(by[name])), known)
		}
	}
}

func printOutlines(w io.Writer, outcomes []outcome) {
	fmt.Fprintf(w, "\n%-33s %9s %6s %9s %8s %9s %9s\n", "outlines", "IoU ≥ .9", "share", "mean IoU", "upright", "corners", "< 2 %")
	names, by := groups(outcomes, func(o *outcome) string {
		if _, ok := o.quad(); ok {
			return cmp.Or(o.Kind, "of no kind")
		}
		return ""
	})
	if len(names) > 1 {
		by["all"] = nil
		for _, name := range names {
			by["all"] = append(by["all"], by[name]...)
		}
		names = append([]string{"all"}, names...)
	}
	for _, name := range names {
		good, upright, close, found := 0, 0, 0, 0
		var iou, corners float64
		for _, o := range by[name] {
			iou += o.overlap()
			if o.overlap() >= .9 {
				good++
			}
			if o.upright() {
				upright++
			}
			if e := o.cornerError(); e < .02 {
				close++
			}
			if o.card != nil {
				found++
				corners += o.cornerError()
			}
		}
		n := len(by[name])
		fmt.Fprintf(w, "%-33s %4d/%4d %6.3f %9.3f %8.3f %7.2f %% %9.3f\n", name, good, n, share(good, n), iou/float64(n), share(upright, n),
			100*corners/float64(max(found, 1)), share(close, n))
	}
}

// printConfidence writes how often readings of each confidence are right, and how right the most confident are.
// A number invented on a picture without one counts as wrong.
func printConfidence(w io.Writer, outcomes []outcome) {
	fmt.Fprintf(w, "\n%-33s %9s %6s %9s\n", "confidence", "right", "share", "mean conf")
	edges := []float64{0, .2, .4, .6, .8, .9, .95, .99, 1.0001}
	for i := range len(edges) - 1 {
		right, n, sum := 0, 0, 0.0
		for j := range outcomes {
			o := &outcomes[j]
			if c := o.confidence(); c > 0 && c >= edges[i] && c < edges[i+1] {
				n++
				sum += c
				if o.exact() {
					right++
				}
			}
		}
		if n > 0 {
			fmt.Fprintf(w, "%.2f to %-24.2f %4d/%4d %6.3f %9.3f\n", edges[i], min(edges[i+1], 1), right, n, share(right, n), sum/float64(n))
		}
	}
	var ranked []*outcome
	numbered := 0
	for i := range outcomes {
		if outcomes[i].confidence() > 0 {
			ranked = append(ranked, &outcomes[i])
		}
		if outcomes[i].hasNumber() {
			numbered++
		}
	}
	slices.SortStableFunc(ranked, func(a, b *outcome) int {
		switch {
		case a.confidence() > b.confidence():
			return -1
		case a.confidence() < b.confidence():
			return 1
		}
		return 0
	})
	for _, coverage := range []float64{.5, .6, .7, .8, .9, 1} {
		n := int(coverage*float64(numbered) + .5)
		if n > len(ranked) || n == 0 {
			fmt.Fprintf(w, "coverage %.2f is not reached\n", coverage)
			break
		}
		right := 0
		for _, o := range ranked[:n] {
			if o.exact() {
				right++
			}
		}
		fmt.Fprintf(w, "precision at coverage %.2f        %4d/%4d %6.3f  from confidence %.3f\n", coverage, right, n, share(right, n), ranked[n-1].confidence())
	}
}

func printInventions(w io.Writer, outcomes []outcome) {
	n, numbers, outlines := 0, 0, 0
	for i := range outcomes {
		o := &outcomes[i]
		if o.hasNumber() {
			continue
		}
		n++
		if o.invented() {
			numbers++
		}
		if _, card := o.quad(); !card && o.card != nil {
			outlines++
		}
	}
	fmt.Fprintf(w, "\nwithout a number: %d pictures, %d numbers invented, %d cards invented\n", n, numbers, outlines)
}

// printTimes writes medians: from the file's bytes to the answer, and of each stage.
func printTimes(w io.Writer, outcomes []outcome) {
	stages := map[string][]time.Duration{}
	order := []string{"decode picture"}
	var total []time.Duration
	for i := range outcomes {
		o := &outcomes[i]
		total = append(total, o.took)
		stages[order[0]] = append(stages[order[0]], o.decode)
		for _, s := range o.trace.Took {
			if stages[s.Stage] == nil {
				order = append(order, s.Stage)
			}
			stages[s.Stage] = append(stages[s.Stage], s.Took)
		}
	}
	fmt.Fprintf(w, "\n%-20s %9s %9s %9s\n", "time a picture (ms)", "median", "90 %", "pictures")
	for _, s := range order {
		printTime(w, s, stages[s])
	}
	printTime(w, "in all", total)
}

func printTime(w io.Writer, name string, d []time.Duration) {
	if len(d) == 0 {
		return
	}
	slices.Sort(d)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	fmt.Fprintf(w, "%-20s %9.1f %9.1f %9d\n", name, ms(d[len(d)/2]), ms(d[len(d)*9/10]), len(d))
}

func printFailures(w io.Writer, outcomes []outcome) {
	fmt.Fprintf(w, "\n%-33s %6s %6s %6s %-15s %s\n", "failures", "length", "conf", "IoU", "located", "what")
	for i := range outcomes {
		o := &outcomes[i]
		if what := o.failure(); len(what) > 0 {
			iou := "–"
			if _, ok := o.quad(); ok {
				iou = fmt.Sprintf("%.3f", o.overlap())
			}
			fmt.Fprintf(w, "%-33s %6d %6.3f %6s %-15s %s\n", o.File, len(o.answer()), o.confidence(), iou, o.located(), strings.Join(what, ", "))
		}
	}
}

// located says how sure the locator was of a card, and how the best of its outlines overlaps the true one.
func (o *outcome) located() string {
	if len(o.trace.Located) == 0 {
		return "nothing"
	}
	s := fmt.Sprintf("%.2f", o.trace.Located[0].Confidence)
	if q, ok := o.quad(); ok {
		best := 0.0
		for _, l := range o.trace.Located {
			best = max(best, l.Quad.IoU(q))
		}
		s += fmt.Sprintf(" at %.2f", best)
	}
	return s
}

// failure lists what went wrong with a picture.
func (o *outcome) failure() (what []string) {
	if o.hasNumber() && !o.exact() {
		switch {
		case o.card == nil:
			what = append(what, "no card")
		case o.answer() == "":
			what = append(what, "no number")
		case len(o.answer()) != o.length():
			what = append(what, fmt.Sprintf("%d digits for %d", len(o.answer()), o.length()))
		case o.Number != "":
			what = append(what, fmt.Sprintf("%d digits wrong", o.length()-o.rightDigits()))
		default:
			what = append(what, "digits wrong")
		}
	}
	if o.invented() {
		what = append(what, "invented number")
	}
	if _, ok := o.quad(); ok && o.overlap() < .9 {
		what = append(what, "outline")
	}
	return what
}

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}
