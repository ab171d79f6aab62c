package main

import (
	"context"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
)

func registerActivities(w worker.Worker) {
	named := map[string]any{"take": take, "give": give, "fail": fail}
	for name, function := range named {
		w.RegisterActivityWithOptions(function, activity.RegisterOptions{Name: name})
	}
}

func take(_ context.Context, text string) (string, error) {
	return seen(text), nil
}

func give(_ context.Context, order Order) (string, error) {
	return content(order), nil
}

func fail(_ context.Context, order Order) (string, error) {
	return "", ordered(order)
}

// ordered is the failure whose details are large.
func ordered(order Order) error {
	return temporal.NewNonRetryableApplicationError("as ordered", "Ordered", nil, content(order))
}
