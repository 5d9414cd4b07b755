// Package ids makes the two identifiers of the contract's answer. Both are random: neither tells anything about the
// picture, so that logs that hold them cannot be joined to a card.
package ids

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"
)

// Request returns a request_id of the documented form: Unix seconds, a comma, a UUID (version 4, RFC 9562).
func Request(now time.Time) string {
	u := random()
	u[6] = u[6]&0x0f | 0x40 // version 4
	u[8] = u[8]&0x3f | 0x80 // variant of RFC 9562
	return fmt.Sprintf("%d,%x-%x-%x-%x-%x", now.Unix(), u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

// Image returns an image_id in the form of real answers: 16 bytes in base64.
func Image() string {
	b := random()
	return base64.StdEncoding.EncodeToString(b[:])
}

func random() (b [16]byte) {
	rand.Read(b[:]) // never fails: crypto/rand ends the process rather than return weak bytes
	return b
}
