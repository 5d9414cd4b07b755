// Command standin serves a stand-in for Face++'s OCR Bank Card API, for trying the server out without an account:
//
//	go run ./server/internal/facepp/standin -addr localhost:9090 -number 6200000000000005 -delay 500ms
//	FACEPP_API_KEY=key FACEPP_API_SECRET=secret FACEPP_ENDPOINT=http://localhost:9090/cardpp/beta/ocrbankcard make run
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
	"time"

	"ocrbankcard/internal/cardnumber"
	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/facepp/facepptest"
)

func main() {
	log.SetFlags(0)
	addr := flag.String("addr", "localhost:9090", "address to listen on")
	u := &facepptest.Upstream{}
	flag.StringVar(&u.Key, "key", "", "api_key that calls must bring (default any)")
	flag.StringVar(&u.Secret, "secret", "", "api_secret that calls must bring (default any)")
	flag.IntVar(&u.QPS, "qps", 0, "calls taken in any second (default all)")
	flag.DurationVar(&u.Delay, "delay", 0, "time before an answer")
	number := flag.String("number", "", "number of the card to answer with (default no card)")
	numberFrom := flag.String("number-from", "", "file that holds the number")
	drain := flag.Bool("drain", false, "for benchmarks: check nothing, answer with one card")
	flag.Parse()

	var err error
	if u.Number, err = readNumber(*number, *numberFrom); err != nil {
		log.Fatal(err)
	}
	var handler http.Handler = u
	if *drain {
		handler = drained(u)
	}
	server := &http.Server{Addr: *addr, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func readNumber(digits, file string) (cardnumber.Number, error) {
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return cardnumber.Number{}, err
		}
		digits = strings.TrimSpace(string(b))
	}
	return cardnumber.ParseReading(digits)
}

// drained reads a body and answers the same each time: the least that an upstream can do.
func drained(u *facepptest.Upstream) http.Handler {
	body := facepptest.Success(cardpp.Answer{Cards: []cardpp.Card{{Number: u.Number}}, RequestID: "1473759244,40dfde25-6d1a-4c90-a994-813556c81e30"}).Body
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		time.Sleep(u.Delay)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, body)
	})
}
