package facepp

// Waiting returns how many callers wait for an answer.
func (c *Client) Waiting() int {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	n := 0
	for _, f := range c.flights.open {
		n += 1 + f.followers
	}
	return n
}

// Flying returns how many calls are under way.
func (c *Client) Flying() int {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	return len(c.flights.open)
}

// Left returns how many calls are under way whose first caller has left.
func (c *Client) Left() int {
	c.flights.mu.Lock()
	defer c.flights.mu.Unlock()
	n := 0
	for _, f := range c.flights.open {
		if f.leaderGone {
			n++
		}
	}
	return n
}
