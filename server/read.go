package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	_ "image/jpeg" // the contract's formats
	"image/png"
	"io"
	"os"
	"strings"
	"time"

	"ocrbankcard/internal/cardpp"
	"ocrbankcard/server/internal/ids"
	"ocrbankcard/server/internal/picture"
	"ocrbankcard/server/internal/recognizer"
	"ocrbankcard/server/internal/setting"
	"ocrbankcard/server/internal/sketch"
)

// read prints the contract's JSON for a file, and may draw what was read on a copy of it. It ends with the context, as calls to Face++
// may take a while.
func read(ctx context.Context, args []string, out, logs io.Writer) error {
	photo, drawing, err := readArgs(args)
	if err != nil {
		return err
	}
	c, err := Load(setting.Environment())
	if err != nil {
		return err
	}
	s, err := NewServer(c, c.Log.Logger(logs))
	if err != nil {
		return err
	}
	defer s.close()
	file, err := readPhoto(photo)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Calls)
	defer cancel()
	answer, err := readFile(ctx, s.gateway.Recognizer, file, out)
	if err != nil {
		return fmt.Errorf("%s: %w", photo, err)
	}
	if drawing == "" {
		return nil
	}
	return drawAnswer(file, answer, drawing)
}

// readArgs takes the flag before or after the file. Asked for help, it returns a flag.ErrHelp.
func readArgs(args []string) (photo, drawing string, err error) {
	f := flag.NewFlagSet("read", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&drawing, "draw", "", "")
	for len(args) > 0 {
		if err := f.Parse(args); err != nil {
			return "", "", fmt.Errorf("read: %w", err)
		}
		if args = f.Args(); len(args) > 0 {
			if photo != "" {
				return "", "", errors.New("read: one photo at a time")
			}
			photo, args = args[0], args[1:]
		}
	}
	if photo == "" {
		return "", "", errors.New(usage)
	}
	return photo, drawing, nil
}

// readPhoto reads a file as far as it is needed to see that it is too large: a film doesn't fill the memory.
func readPhoto(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, cardpp.MaxFileBytes+1))
}

// readFile asks the recognizer and prints its answer, or the contract's error.
func readFile(ctx context.Context, r recognizer.Recognizer, file []byte, out io.Writer) (cardpp.Answer, error) {
	start := time.Now()
	a := cardpp.Answer{RequestID: ids.Request(start)}
	header, err := picture.Inspect(file, cardpp.ParamFile)
	var result recognizer.Result
	if err == nil {
		result, err = r.Recognize(ctx, recognizer.Picture{File: file, Header: header, Param: cardpp.ParamFile})
	}
	a.TimeUsed = int(time.Since(start) / time.Millisecond)
	var known *cardpp.Error
	if errors.As(err, &known) {
		_, failed := fmt.Fprintf(out, "%s\n", cardpp.AppendErrorJSON(nil, known, a.RequestID, a.TimeUsed))
		return a, errors.Join(err, failed)
	}
	if err != nil {
		return a, err
	}
	a.Cards, a.ImageID = result.Cards, result.ImageID
	if a.ImageID == "" {
		a.ImageID = ids.Image()
	}
	_, err = fmt.Fprintf(out, "%s\n", a.AppendJSON(nil))
	return a, err
}

// drawAnswer writes a copy of the picture with the card's outline and number on it.
func drawAnswer(file []byte, a cardpp.Answer, to string) error {
	m, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return err
	}
	for _, card := range a.Cards {
		if m, err = sketch.Card(m, card.Bound, strings.Join(card.Number.Groups(), " ")); err != nil {
			return err
		}
	}
	w, err := os.Create(to)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(w, m), w.Close())
}
