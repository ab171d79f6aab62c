// The peer of the interop run in the Go SDK: a worker, and a client that obeys lines of JSON.
//
// See ../README.md for the command line and the commands.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
)

// The longest line that a command may have.
const longestLine = 1 << 20

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	address := flag.String("address", "", "where Temporal is")
	namespace := flag.String("namespace", "", "the namespace")
	taskQueue := flag.String("task-queue", "", "what the worker polls")
	codec := flag.String("codec", "", "none or xor")
	endpoint := flag.String("s3", "", "where S3 is")
	bucket := flag.String("bucket", "", "the bucket")
	flag.Parse()
	storage, err := externalStorage(ctx, *endpoint, *bucket)
	if err != nil {
		return err
	}
	converter := dataConverter(*codec)
	connected, err := client.DialContext(ctx, client.Options{
		HostPort:      *address,
		Namespace:     *namespace,
		DataConverter: converter,
		// Without it, failures would pass by the codec.
		FailureConverter: temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{
			DataConverter: converter,
		}),
		ExternalStorage: storage,
		Logger:          log.NewStructuredLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))),
	})
	if err != nil {
		return err
	}
	defer connected.Close()
	w := worker.New(connected, *taskQueue, worker.Options{})
	registerWorkflows(w, converter)
	registerActivities(w)
	if err := w.Start(); err != nil {
		return err
	}
	defer w.Stop()
	return obey(ctx, caller{connected}, versions())
}

// versions says what this peer is made of; the S3 driver is a module of its own.
func versions() map[string]string {
	all := map[string]string{
		"temporal (Go)": temporal.SDKVersion,
		"Go":            strings.TrimPrefix(runtime.Version(), "go"),
	}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if name, found := strings.CutPrefix(module.Path, "go.temporal.io/sdk/contrib/aws/"); found {
				all[name+" (Go)"] = strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	return all
}

// obey carries out the commands on standard input, each in a goroutine of its own, until it ends.
func obey(ctx context.Context, c caller, versions map[string]string) error {
	var mutex sync.Mutex
	say := func(answer map[string]any) {
		mutex.Lock()
		defer mutex.Unlock()
		// Strings and numbers always have a JSON form, and without a reader nobody misses the answer.
		_ = json.NewEncoder(os.Stdout).Encode(answer)
	}
	say(map[string]any{"ready": true, "versions": versions})
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	var running sync.WaitGroup
	defer running.Wait()
	for lines.Scan() {
		var command Command
		if err := json.Unmarshal(lines.Bytes(), &command); err != nil {
			return err
		}
		running.Go(func() {
			done, err := c.carryOut(ctx, command)
			if err != nil {
				say(map[string]any{"id": command.ID, "error": err.Error()})
				return
			}
			say(map[string]any{"id": command.ID, "ok": done})
		})
	}
	return lines.Err()
}
