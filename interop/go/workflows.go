package main

import (
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// registerWorkflows registers the workflows that every peer has under the same names. Memo values are decoded with
// the client's converter: a workflow gets them as they came.
func registerWorkflows(w worker.Worker, memos converter.DataConverter) {
	named := map[string]any{
		"TakeInput":  takeInput,
		"GiveResult": giveResult,
		"CallTake":   callTake,
		"CallGive":   callGive,
		"CallFail":   callFail,
		"Fail":       failWorkflow,
		"Listen":     listen,
		"ShowMemo":   func(ctx workflow.Context) (string, error) { return showMemo(ctx, memos) },
	}
	for name, function := range named {
		w.RegisterWorkflowWithOptions(function, workflow.RegisterOptions{Name: name})
	}
}

func takeInput(_ workflow.Context, text string) (string, error) {
	return seen(text), nil
}

func giveResult(_ workflow.Context, order Order) (string, error) {
	return content(order), nil
}

func failWorkflow(_ workflow.Context, order Order) (string, error) {
	return "", ordered(order)
}

func callTake(ctx workflow.Context, order Order) (string, error) {
	return call(ctx, "take", content(order), order)
}

func callGive(ctx workflow.Context, order Order) (string, error) {
	text, err := call(ctx, "give", order, order)
	return seen(text), err
}

func callFail(ctx workflow.Context, order Order) (string, error) {
	_, err := call(ctx, "fail", order, order)
	return detailsSeen(err)
}

// call schedules an activity with the worker that the order names.
func call(ctx workflow.Context, name string, argument any, order Order) (string, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           order.TaskQueue,
		StartToCloseTimeout: 30 * time.Second,
	})
	var text string
	err := workflow.ExecuteActivity(ctx, name, argument).Get(ctx, &text)
	return text, err
}

// detailsSeen reports the details of the application failure inside err.
func detailsSeen(err error) (string, error) {
	var failure *temporal.ApplicationError
	if !errors.As(err, &failure) {
		return "", fmt.Errorf("no application failure: %w", err)
	}
	var text string
	if err := failure.Details(&text); err != nil {
		return "", err
	}
	return seen(text), nil
}

func showMemo(ctx workflow.Context, memos converter.DataConverter) (string, error) {
	var text string
	err := memos.FromPayload(workflow.GetInfo(ctx).Memo.GetFields()["note"], &text)
	return seen(text), err
}
