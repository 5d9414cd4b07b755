package main

import (
	"fmt"
	"io"
	"math"

	"ocrbankcard/internal/recognize"
)

// ridge keeps the weights of features that say little near zero. It counts in the features' standard deviations.
const ridge = 1.0

// fit prints the weights of a logistic regression that tells right readings from wrong ones by their features, over all
// that was read: of all features, and of the others beside those set by hand. Of a picture without a number, every
// reading is wrong.
func fit(w io.Writer, outcomes []outcome) error {
	var x [][]float64
	var y []float64
	for i := range outcomes {
		o := &outcomes[i]
		for _, t := range o.trace.Tries {
			if t.Number.IsZero() {
				continue
			}
			right := 0.0
			if o.hasNumber() && o.matches(t.Number.Reveal()) {
				right = 1
			}
			x, y = append(x, t.Features), append(y, right)
		}
	}
	if len(x) < 50 {
		return fmt.Errorf("%d readings are too few to fit to", len(x))
	}
	for _, held := range []map[int]float64{nil, recognize.ByHand()} {
		weights := weightsBeside(held, x, y)
		loss := 0.0
		for i, f := range x {
			p := sigmoid(dot(weights, f))
			loss -= y[i]*math.Log(p) + (1-y[i])*math.Log(1-p)
		}
		fmt.Fprintf(w, "%d readings, %d weights held: %.4f nats each\nweights: %.3f\n", len(x), len(held), loss/float64(len(x)), weights)
	}
	return nil
}

// weightsBeside returns the weights of all features that make y likeliest where some are held.
func weightsBeside(held map[int]float64, x [][]float64, y []float64) []float64 {
	free, offset := make([][]float64, len(x)), make([]float64, len(x))
	for i, f := range x {
		for a, v := range f {
			if weight, ok := held[a]; ok {
				offset[i] += weight * v
				v = 0 // says nothing, and gets no weight
			}
			free[i] = append(free[i], v)
		}
	}
	means, deviations := standardise(free)
	weights := logisticRegression(free, y, offset)
	for a := 1; a < len(weights); a++ {
		weights[a] /= deviations[a]
		weights[0] -= weights[a] * means[a]
	}
	for a, weight := range held {
		weights[a] = weight
	}
	return weights
}

// standardise makes the mean of every feature but the first 0 and its deviation 1, in place, and returns what they were.
func standardise(x [][]float64) (means, deviations []float64) {
	n := len(x[0])
	means, deviations = make([]float64, n), make([]float64, n)
	for a := 1; a < n; a++ {
		for _, f := range x {
			means[a] += f[a] / float64(len(x))
		}
		for _, f := range x {
			deviations[a] += (f[a] - means[a]) * (f[a] - means[a]) / float64(len(x))
		}
		deviations[a] = math.Max(math.Sqrt(deviations[a]), 1e-6)
		for _, f := range x {
			f[a] = (f[a] - means[a]) / deviations[a]
		}
	}
	return means, deviations
}

// logisticRegression returns the weights that make y likeliest, by Newton's method with a ridge (Hastie, Tibshirani and
// Friedman, The Elements of Statistical Learning, section 4.4.1). The first feature is the constant 1; offset is what each
// of x has without them.
func logisticRegression(x [][]float64, y, offset []float64) []float64 {
	n := len(x[0])
	weights := make([]float64, n)
	for range 50 {
		hessian := make([][]float64, n)
		gradient := make([]float64, n)
		for a := range hessian {
			hessian[a] = make([]float64, n)
			if a > 0 {
				hessian[a][a] = ridge
				gradient[a] = -ridge * weights[a]
			}
		}
		for i, f := range x {
			p := sigmoid(offset[i] + dot(weights, f))
			for a := range f {
				gradient[a] += (y[i] - p) * f[a]
				for b := range f {
					hessian[a][b] += p * (1 - p) * f[a] * f[b]
				}
			}
		}
		step := solve(hessian, gradient)
		moved := 0.0
		for a := range weights {
			weights[a] += step[a]
			moved = math.Max(moved, math.Abs(step[a]))
		}
		if moved < 1e-9 {
			break
		}
	}
	return weights
}

// solve returns v such that m·v = b, by Gaussian elimination with pivoting. It overwrites both.
func solve(m [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		pivot := i
		for j := i + 1; j < n; j++ {
			if math.Abs(m[j][i]) > math.Abs(m[pivot][i]) {
				pivot = j
			}
		}
		m[i], m[pivot] = m[pivot], m[i]
		b[i], b[pivot] = b[pivot], b[i]
		if math.Abs(m[i][i]) < 1e-12 {
			continue // a feature that is always 0
		}
		for j := i + 1; j < n; j++ {
			k := m[j][i] / m[i][i]
			for c := i; c < n; c++ {
				m[j][c] -= k * m[i][c]
			}
			b[j] -= k * b[i]
		}
	}
	v := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		if math.Abs(m[i][i]) < 1e-12 {
			continue
		}
		v[i] = b[i]
		for c := i + 1; c < n; c++ {
			v[i] -= m[i][c] * v[c]
		}
		v[i] /= m[i][i]
	}
	return v
}

func dot(a, b []float64) (s float64) {
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

func sigmoid(x float64) float64 { return math.Min(math.Max(1/(1+math.Exp(-x)), 1e-9), 1-1e-9) }
