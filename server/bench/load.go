package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"ocrbankcard/internal/cardpp"
)

// pictureBytes is the size of the picture in every call.
const pictureBytes = 200 << 10

// warmUp is the part of a measurement that doesn't count.
const warmUp = 300 * time.Millisecond

// measure calls a proxy over so many connections, each without a pause.
func (p *proxy) measure(connections int, each time.Duration) (result, error) {
	if err := p.forgetPeak(); err != nil {
		return result{}, err
	}
	call, err := newCall(p.addr)
	if err != nil {
		return result{}, err
	}
	before, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	var calls int
	var mu sync.Mutex
	var took []time.Duration
	var failed int
	var errs []error
	var wait sync.WaitGroup
	start := time.Now()
	for i := range connections {
		wait.Go(func() {
			mine, bad, all, err := call.callFor(uint64(i), start.Add(warmUp), start.Add(warmUp+each))
			mu.Lock()
			defer mu.Unlock()
			took, failed, calls, errs = append(took, mine...), failed+bad, calls+all, append(errs, err)
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return result{}, fmt.Errorf("%s: %w", p.name, err)
	}
	peak, err := p.peak()
	if err != nil {
		return result{}, err
	}
	after, err := p.cpu()
	if err != nil {
		return result{}, err
	}
	if len(took) == 0 {
		return result{}, fmt.Errorf("%s answered no call well, and %d badly", p.name, failed)
	}
	slices.Sort(took)
	return result{
		p50: took[len(took)/2], p99: took[len(took)*99/100], peak: peak, errors: failed,
		rate: float64(len(took)) / each.Seconds(), cpu: (after - before) / time.Duration(calls),
	}, nil
}

// call is a whole request as it goes over the wire. Calls differ in some bytes within the picture, so that none
// can share another's answer.
type call struct {
	addr    string
	request []byte
	varying int // offset of 16 bytes that each call changes
}

const mark = "0123456789abcdef"

func newCall(addr string) (*call, error) {
	file, err := newPicture()
	if err != nil {
		return nil, err
	}
	var body, request bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(cardpp.ParamFile, "card.jpg")
	if err != nil {
		return nil, err
	}
	if _, err := part.Write(file); err != nil {
		return nil, err
	}
	if err := form.Close(); err != nil {
		return nil, err
	}
	fmt.Fprintf(&request, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n", cardpp.PathBeta, addr, form.FormDataContentType(), body.Len())
	request.Write(body.Bytes())
	return &call{addr, request.Bytes(), bytes.Index(request.Bytes(), []byte(mark))}, nil
}

// newPicture makes a JPEG of noise, padded to its size with a comment that holds the mark.
func newPicture() ([]byte, error) {
	r := rand.New(rand.NewPCG(1, 1))
	img := image.NewGray(image.Rect(0, 0, 1280, 960))
	for i := range img.Pix {
		img.Pix[i] = uint8(128 + r.NormFloat64()*20)
	}
	var b bytes.Buffer
	for quality := 90; quality > 0; quality-- {
		b.Reset()
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if b.Len() < pictureBytes-64 {
			break
		}
	}
	file := b.Bytes()
	padding := []byte(mark)
	for room := pictureBytes - len(file); room > 0; room = pictureBytes - len(file) { // comments of up to 64 KB, after SOI
		n := min(room, 60000)
		comment := append([]byte{0xff, 0xfe, byte((n - 2) >> 8), byte(n - 2)}, make([]byte, n-4)...)
		copy(comment[4:], padding)
		file = slices.Concat(file[:2], comment, file[2:])
	}
	return file, nil
}

// callFor calls over one connection. It returns how long the calls took that ended well between two moments, how many
// failed between them, and how many it made in all.
func (c *call) callFor(id uint64, from, to time.Time) (took []time.Duration, failed, calls int, err error) {
	conn, err := net.Dial("tcp", c.addr)
	if err != nil {
		return nil, 0, 0, err
	}
	defer func() { conn.Close() }()
	answers, request := bufio.NewReader(conn), bytes.Clone(c.request)
	for ; ; calls++ {
		copy(request[c.varying:], fmt.Sprintf("%07d/%08d", id, calls))
		start := time.Now()
		if start.After(to) {
			return took, failed, calls, nil
		}
		ok, keep := exchange(conn, answers, request)
		end := time.Now()
		switch {
		case end.Before(from) || end.After(to):
		case ok:
			took = append(took, end.Sub(start))
		default:
			failed++
		}
		if !keep {
			conn.Close()
			if conn, err = net.Dial("tcp", c.addr); err != nil {
				return nil, 0, 0, err
			}
			answers.Reset(conn)
		}
	}
}

// exchange makes one call and reports whether it was answered with a card, and whether the connection can go on.
func exchange(conn net.Conn, answers *bufio.Reader, request []byte) (ok, keep bool) {
	if conn.SetDeadline(time.Now().Add(20*time.Second)) != nil {
		return false, false
	}
	if _, err := conn.Write(request); err != nil {
		return false, false
	}
	resp, err := http.ReadResponse(answers, nil)
	if err != nil {
		return false, false
	}
	body, err := io.ReadAll(resp.Body)
	return err == nil && resp.StatusCode == http.StatusOK && bytes.Contains(body, []byte(`"bank_cards":[{`)), err == nil && !resp.Close
}
