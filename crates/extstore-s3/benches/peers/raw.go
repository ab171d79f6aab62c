// One cell of the benchmark with a plain HTTP client: the standard library, SHA-256, no signature, no protobuf.
// It is not a floor, only what a good client costs that does nothing else.
//
// usage: raw SIZE BATCH CALLS, with the server in AWS_ENDPOINT_URL.
//
// Each phase is one line of JSON, with the names that all clients of the benchmark use. `fresh` is HEAD and PUT as in
// the official drivers, `one-put` a conditional PUT.
package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

var endpoint = os.Getenv("AWS_ENDPOINT_URL")

var client = &http.Client{Transport: &http.Transport{
	MaxIdleConnsPerHost: 512, DisableCompression: true,
	WriteBufferSize: 256 << 10, ReadBufferSize: 256 << 10,
}}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// request sends one request and reads the answer into sink.
func request(method, url string, body []byte, condition bool, sink []byte) (status, length int) {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	r, err := http.NewRequest(method, url, reader)
	must(err)
	if condition {
		r.Header.Set("If-None-Match", "*")
	}
	answer, err := client.Do(r)
	must(err)
	defer answer.Body.Close()
	for {
		n, err := answer.Body.Read(sink[length:])
		length += n
		if err == io.EOF {
			return answer.StatusCode, length
		}
		must(err)
	}
}

func expect(status int, wanted int) {
	if status != wanted {
		panic(fmt.Sprintf("status %d, expected %d", status, wanted))
	}
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func requests() (sum int) {
	answer, err := http.Get(endpoint + "/-/counts")
	must(err)
	defer answer.Body.Close()
	var counts map[string]int
	must(json.NewDecoder(answer.Body).Decode(&counts))
	for _, count := range counts {
		sum += count
	}
	return sum
}

func peakMiB() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Maxrss) / 1024
}

func percentile(times []time.Duration, percent int) float64 {
	sort.Slice(times, func(i, j int) bool { return times[i] < times[j] })
	return times[max(0, (len(times)*percent+99)/100-1)].Seconds() * 1e3
}

// cell holds the buffers of one batch; a batch is as many requests at once as it has payloads.
type cell struct {
	size, batch, calls int
	bodies, sinks      [][]byte
}

func (c *cell) measure(phase string, prepare func(), item func(call, i int)) {
	before, cpu := requests(), time.Duration(0)
	var times []time.Duration
	for call := range c.calls {
		prepare()
		cpuBefore, started := processorTime(), time.Now()
		var group sync.WaitGroup
		for i := range c.batch {
			group.Add(1)
			go func() { defer group.Done(); item(call, i) }()
		}
		group.Wait()
		times = append(times, time.Since(started))
		cpu += processorTime() - cpuBefore
	}
	wall := time.Duration(0)
	for _, t := range times {
		wall += t
	}
	payloads := float64(c.calls * c.batch)
	line, err := json.Marshal(map[string]any{
		"client": "raw", "phase": phase, "size": c.size, "batch": c.batch, "calls": c.calls,
		"mb_s":   payloads * float64(c.size) / 1e6 / wall.Seconds(),
		"p50_ms": percentile(times, 50), "p99_ms": percentile(times, 99),
		"cpu_ms":   cpu.Seconds() * 1e3 / payloads,
		"requests": float64(requests()-before) / payloads,
		"peak_mib": peakMiB(),
	})
	must(err)
	fmt.Println(string(line))
}

func main() {
	c := cell{}
	for i, field := range []*int{&c.size, &c.batch, &c.calls} {
		number, err := strconv.Atoi(os.Args[i+1])
		must(err)
		*field = number
	}
	for range c.batch {
		c.bodies = append(c.bodies, make([]byte, c.size))
		// Touched now, so that the first call does not pay for it.
		c.sinks = append(c.sinks, bytes.Repeat([]byte{1}, c.size+4096))
	}
	draw := func() {
		for _, body := range c.bodies {
			rand.Read(body)
		}
	}
	url := func(phase string, call, i int) string {
		return strings.Join([]string{endpoint, "bench", phase, strconv.Itoa(os.Getpid()), strconv.Itoa(call), strconv.Itoa(i)}, "/")
	}
	hash := func(bytes []byte) { digest := sha256.Sum256(bytes); _ = hex.EncodeToString(digest[:]) }
	// Connections are there before the first measured call.
	var group sync.WaitGroup
	for i := range c.batch {
		group.Add(1)
		go func() { defer group.Done(); request("PUT", url("warm", 0, i), c.bodies[i][:1], false, c.sinks[i]) }()
	}
	group.Wait()
	c.measure("fresh", draw, func(call, i int) {
		hash(c.bodies[i])
		status, _ := request("HEAD", url("fresh", call, i), nil, false, c.sinks[i])
		expect(status, 404)
		status, _ = request("PUT", url("fresh", call, i), c.bodies[i], false, c.sinks[i])
		expect(status, 200)
	})
	c.measure("one-put", draw, func(call, i int) {
		hash(c.bodies[i])
		status, _ := request("PUT", url("one-put", call, i), c.bodies[i], true, c.sinks[i])
		expect(status, 200)
	})
	c.measure("repeated", func() {}, func(_, i int) {
		hash(c.bodies[i])
		status, _ := request("HEAD", url("fresh", 0, i), nil, false, c.sinks[i])
		expect(status, 200)
	})
	c.measure("retrieve", func() {}, func(call, i int) {
		status, length := request("GET", url("fresh", call, i), nil, false, c.sinks[i])
		expect(status, 200)
		hash(c.sinks[i][:length])
	})
}
