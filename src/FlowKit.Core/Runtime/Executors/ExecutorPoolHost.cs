using FlowKit.Runtime.Executors.Calls;
using FlowKit.Runtime.Executors.Loading;
using Microsoft.Extensions.Logging;

namespace FlowKit.Runtime.Executors;

/// <summary>The services that all pools of a flow are given.</summary>
/// <param name="Disposal">Disposes executors.</param>
/// <param name="Time">Time.</param>
/// <param name="Logger">Where failures are logged.</param>
/// <param name="ShortCall">The duration up to which calls are made on the thread that brings the item.</param>
/// <param name="ShowsStacks">Whether callers are told the stack of what an executor threw.</param>
/// <param name="Loops">Finds executors that wait for themselves.</param>
/// <param name="End">Ends the flow, for exceptions that <c>exit_on_exceptions</c> names.</param>
internal sealed record ExecutorPoolHost(
    ExecutorDisposal Disposal, TimeProvider Time, ILogger Logger, TimeSpan ShortCall, bool ShowsStacks, CallLoops Loops,
    Action<FlowError> End);
