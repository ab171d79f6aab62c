package main

import (
	"context"
	"fmt"

	"go.temporal.io/sdk/client"
)

// What is longer is reported by its digest.
const short = 100

// Command is what the run tells a peer to do as a client.
type Command struct {
	ID         int    `json:"id"`
	Do         string `json:"do"`
	Name       string `json:"name"`
	WorkflowID string `json:"workflow_id"`
	TaskQueue  string `json:"task_queue"`
	Send       string `json:"send"`
	Memo       bool   `json:"memo"`
	Order      Order  `json:"order"`
}

// caller carries out commands with a client.
type caller struct {
	client client.Client
}

// carryOut carries out one command.
func (c caller) carryOut(ctx context.Context, command Command) (string, error) {
	switch command.Do {
	case "start":
		return c.start(ctx, command)
	case "signal":
		return "", c.signal(ctx, command)
	case "query":
		return c.query(ctx, command)
	case "update":
		return c.update(ctx, command)
	case "result":
		var text string
		err := c.client.GetWorkflow(ctx, command.WorkflowID, "").Get(ctx, &text)
		return report(text), err
	case "failure":
		return detailsSeen(c.client.GetWorkflow(ctx, command.WorkflowID, "").Get(ctx, nil))
	case "memo":
		return c.memo(ctx, command)
	}
	return "", fmt.Errorf("unknown command %q", command.Do)
}

func (c caller) start(ctx context.Context, command Command) (string, error) {
	options := client.StartWorkflowOptions{ID: command.WorkflowID, TaskQueue: command.TaskQueue}
	if command.Memo {
		options.Memo = map[string]any{"note": content(command.Order)}
	}
	run, err := c.client.ExecuteWorkflow(ctx, options, command.Name, command.arguments()...)
	if err != nil {
		return "", err
	}
	return run.GetRunID(), nil
}

func (c caller) signal(ctx context.Context, command Command) error {
	var argument any
	if arguments := command.arguments(); len(arguments) > 0 {
		argument = arguments[0]
	}
	return c.client.SignalWorkflow(ctx, command.WorkflowID, "", command.Name, argument)
}

func (c caller) query(ctx context.Context, command Command) (string, error) {
	answer, err := c.client.QueryWorkflow(ctx, command.WorkflowID, "", command.Name, command.arguments()...)
	if err != nil {
		return "", err
	}
	var text string
	err = answer.Get(&text)
	return report(text), err
}

func (c caller) update(ctx context.Context, command Command) (string, error) {
	handle, err := c.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID:   command.WorkflowID,
		UpdateName:   command.Name,
		Args:         command.arguments(),
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return "", err
	}
	var text string
	err = handle.Get(ctx, &text)
	return report(text), err
}

func (c caller) memo(ctx context.Context, command Command) (string, error) {
	described, err := c.client.DescribeWorkflow(ctx, command.WorkflowID, "")
	if err != nil {
		return "", err
	}
	var text string
	err = described.GetMemoValue("note", &text)
	return seen(text), err
}

func (c Command) arguments() []any {
	switch c.Send {
	case "content":
		return []any{content(c.Order)}
	case "order":
		return []any{c.Order}
	}
	return nil
}

func report(text string) string {
	if len(text) < short {
		return text
	}
	return seen(text)
}
