package main

import "errors"

func writeVideo(o *options) error { return errors.New("not yet") }
