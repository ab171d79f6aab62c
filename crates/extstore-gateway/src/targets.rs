//! Finds the target of each payload in a request, by the specification's table of storage targets.
//!
//! The nearest command or request around a payload decides. Both tables match without a wildcard, so that a plan with a
//! new command or a new RPC does not compile until somebody decides about its target.

use std::collections::HashMap;

use extstore::Target;
use extstore_wire::{Capture, Frame, FrameId, Leaf, MessageType, Rpc, Scan};

use crate::exchange::Exchange;
use crate::peek::captured;

mod commands;
mod context;
mod requests;
mod resource;

use context::RequestContext;

/// Says what becomes of a payload that reaches the threshold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The payload stays inline, because the plan does not know its command.
    Inline,
    /// The payload is offloaded for this target, or under the ambient namespace alone.
    Offload(Option<Target>),
}

/// Finds the targets of the payloads of one request. It decides once about each command or request in it.
pub(crate) struct Targets<'a> {
    scan: &'a Scan,
    exchange: &'a Exchange,
    decided: HashMap<FrameId, Decision>,
}

impl<'a> Targets<'a> {
    pub(crate) fn new(scan: &'a Scan, exchange: &'a Exchange) -> Self {
        Self { scan, exchange, decided: HashMap::new() }
    }

    /// Decides about one payload.
    pub(crate) fn of(&mut self, leaf: &Leaf) -> Decision {
        let decider = self.decider(leaf);
        if let Some(decision) = self.decided.get(&decider.id()) {
            return decision.clone();
        }
        let decision = self.decide(decider);
        self.decided.insert(decider.id(), decision.clone());
        decision
    }

    /// Returns the nearest command or request around a payload; the outermost message is a request.
    fn decider(&self, leaf: &Leaf) -> Frame<'a> {
        let mut context = self.scan.frame(leaf.frame()).ancestors();
        context
            .find(|frame| frame.message() == MessageType::Command || is_request(*frame))
            .unwrap_or(self.scan.root())
    }

    fn decide(&self, decider: Frame<'_>) -> Decision {
        if decider.message() == MessageType::Command {
            return match commands::last_arm(decider) {
                Some((command, attributes)) => {
                    Decision::Offload(commands::target(command, attributes, &self.context(decider)))
                }
                None => Decision::Inline,
            };
        }
        let rpc = rpc_of(decider.message());
        Decision::Offload(rpc.and_then(|rpc| requests::target(rpc, decider, &self.context(decider))))
    }

    fn context(&self, decider: Frame<'_>) -> RequestContext {
        let request = decider.ancestors().find(|frame| is_request(*frame)).unwrap_or(self.scan.root());
        let token = request.bytes(Capture::TaskToken);
        let namespace = captured(request, Capture::Namespace);
        let namespace =
            if namespace.is_empty() { captured(self.scan.root(), Capture::Namespace) } else { namespace };
        // A request inside another one is the sender's word: its namespace opens no other scope.
        let exchange = self.exchange;
        let known = |token: &bytes::Bytes| exchange.state.identities.find(&exchange.scope, token);
        let task = token.as_ref().and_then(known);
        let resource = token.filter(|_| task.is_none()).and_then(|_| resource::target(exchange));
        RequestContext { namespace, task, resource }
    }
}

/// Says whether a message is a request that decides. Requests inside a multi-operation do not: it is one start as a
/// whole.
fn is_request(frame: Frame<'_>) -> bool {
    let inside_multi = frame
        .parent()
        .is_some_and(|parent| parent.message() == MessageType::ExecuteMultiOperationRequestOperation);
    !inside_multi && rpc_of(frame.message()).is_some()
}

fn rpc_of(request: MessageType) -> Option<Rpc> {
    Rpc::all().find(|rpc| rpc.request() == request)
}

#[cfg(test)]
mod tests;
