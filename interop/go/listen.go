package main

import "go.temporal.io/sdk/workflow"

// listen answers until it is told to finish, then returns what the signal brought.
func listen(ctx workflow.Context) (string, error) {
	if err := answer(ctx); err != nil {
		return "", err
	}
	delivered, finished := "", false
	selector := workflow.NewSelector(ctx)
	selector.AddReceive(workflow.GetSignalChannel(ctx, "deliver"), func(channel workflow.ReceiveChannel, _ bool) {
		var text string
		channel.Receive(ctx, &text)
		delivered = seen(text)
	})
	selector.AddReceive(workflow.GetSignalChannel(ctx, "finish"), func(channel workflow.ReceiveChannel, _ bool) {
		channel.Receive(ctx, nil)
		finished = true
	})
	for !finished {
		selector.Select(ctx)
	}
	return delivered, nil
}

func answer(ctx workflow.Context) error {
	asked := func(text string) (string, error) { return seen(text), nil }
	made := func(order Order) (string, error) { return content(order), nil }
	if err := workflow.SetQueryHandler(ctx, "ask_take", asked); err != nil {
		return err
	}
	if err := workflow.SetQueryHandler(ctx, "ask_give", made); err != nil {
		return err
	}
	updatedWith := func(_ workflow.Context, text string) (string, error) { return asked(text) }
	if err := workflow.SetUpdateHandler(ctx, "take", updatedWith); err != nil {
		return err
	}
	updatedTo := func(_ workflow.Context, order Order) (string, error) { return made(order) }
	return workflow.SetUpdateHandler(ctx, "give", updatedTo)
}
