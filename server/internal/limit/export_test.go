package limit

// Lateness is the part of Slack that a process may be late.
const Lateness = lateness

// Keys counts what is held.
func (m *Memory) Keys() int {
	n := 0
	for i := range m.shards {
		n += len(m.shards[i].rates) + len(m.shards[i].counts)
	}
	return n
}

// Spare counts the places that no call waits for.
func (q *Queue) Spare() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.places) - len(q.waiting)
}
