using System.Runtime.InteropServices;

namespace FlowKit.Cli.Running;

/// <summary>Ctrl-C and SIGTERM: the first asks for a drained stop, a second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _source;
    private readonly PosixSignalRegistration[] _registrations;

    /// <param name="cancellationToken">Asks as well.</param>
    /// <param name="heedsTerminal">Whether Ctrl-C counts; a worker leaves it to its gateway, which the terminal tells as well.</param>
    public StopSignals(CancellationToken cancellationToken, bool heedsTerminal = true)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _source.Token.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), _requested);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, heedsTerminal ? Stop : Ignore),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, heedsTerminal ? Stop : Ignore),
        ];
    }

    /// <summary>Ends when a stop is asked for.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Completes when a stop is asked for.</summary>
    public Task Requested => _requested.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;

    /// <summary>Leaving <see cref="PosixSignalContext.Cancel"/> false the second time lets the system end the process.</summary>
    private void Stop(PosixSignalContext context)
    {
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
