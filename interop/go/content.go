package main

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// Order says what content a peer makes, and whose activity worker a workflow calls.
type Order struct {
	Seed      string `json:"seed"`
	Size      int    `json:"size"`
	TaskQueue string `json:"task_queue"`
}

// content is the text that every peer can make again from a seed: lines of the seed, a count and a pseudo-random
// word, until size bytes of UTF-8 are reached.
func content(order Order) string {
	var text strings.Builder
	word := uint32(fnv1a(order.Seed))
	if word == 0 {
		word = 1
	}
	for index := 0; text.Len() < order.Size; index++ {
		word ^= word << 13
		word ^= word >> 17
		word ^= word << 5
		fmt.Fprintf(&text, "%s %d %08x é漢😀\n", order.Seed, index, word)
	}
	return text.String()
}

// seen is what a reader reports: the length in bytes and a digest.
func seen(text string) string {
	return fmt.Sprintf("%d:%016x", len(text), fnv1a(text))
}

func fnv1a(text string) uint64 {
	hash := fnv.New64a()
	// A hash's Write never fails, says its interface.
	_, _ = hash.Write([]byte(text))
	return hash.Sum64()
}
