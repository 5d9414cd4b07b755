package main

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/session"
)

// TestAFaultCostsNoScan: what fails through no fault of the caller's isn't counted, and what fails through one is.
func TestAFaultCostsNoScan(t *testing.T) {
	base, open, s := shopServer(t, nil)
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	token := open(`{"scans": 1}`)
	works := s.gateway.Recognizer
	scan := func(failure error) reply {
		t.Helper()
		if s.gateway.Recognizer = works; failure != nil {
			s.gateway.Recognizer = remote(failure)
		}
		return post(t, base+cardpp.PathBeta, contentType, body, header("Authorization", "Bearer "+token), header("Origin", base))
	}
	for _, c := range []struct {
		failure error
		status  int
	}{
		{errors.New("broken"), 500}, {cardpp.NewError(cardpp.InternalError, ""), 500}, {cardpp.NewError(cardpp.AuthenticationError, ""), 500},
		{cardpp.NewError(cardpp.AuthorizationError, cardpp.InsufficientBalance), 403}, {cardpp.NewError(cardpp.ConcurrencyLimit, ""), 403},
	} {
		if r := scan(c.failure); r.status != c.status {
			t.Errorf("%v: %d", c.failure, r.status)
		}
	}
	checkRead(t, scan(nil), 320, 200, 1)
	token = open(`{"scans": 1}`)
	if r := scan(cardpp.NewError(cardpp.UnsupportedFormat, cardpp.ParamFile)); r.status != 400 {
		t.Errorf("a bad picture: %d", r.status)
	}
	if r := scan(nil); r.json.ErrorMessage != "AUTHORIZATION_ERROR: Denied by Client" {
		t.Errorf("after a bad picture: %d %q", r.status, r.json.ErrorMessage)
	}
}

// TestShopsDontSpendEachOthersScans: two shops that sign for themselves may come upon the same jti.
func TestShopsDontSpendEachOthersScans(t *testing.T) {
	base, _ := shop(t, map[string]string{"LIMIT_SESSION": "1"})
	contentType, body := form(t, image1(asJPEG(t, drawBars(320, 200, barsNumber))))
	for _, id := range []string{"shop", "other"} {
		origin, now := "https://"+id+".example", time.Now()
		token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"iss": id, "aud": session.Audience, "jti": "order-0000000000042", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
			"origin": origin, "scans": 1, "read": "server",
		})
		token.Header["kid"] = id
		signed, err := token.SignedString([]byte("0123456789abcdef0123456789abcdef"))
		if err != nil {
			t.Fatal(err)
		}
		r := post(t, base+cardpp.PathBeta, contentType, body, header("Authorization", "Bearer "+signed), header("Origin", origin))
		if r.status != http.StatusOK {
			t.Errorf("%s: %d %q", id, r.status, r.json.ErrorMessage)
		}
	}
}
