using System.Diagnostics;

namespace FlowKit.Telemetry;

/// <summary>
/// A measurement for a request, made on whatever thread: its trace is the current one meanwhile, so that a histogram can name it as an
/// exemplar. One that is not recorded leads nowhere, and costs nothing.
/// </summary>
internal readonly struct ExemplarScope : IDisposable
{
    private readonly Activity? _before;
    private readonly bool _isSet;

    /// <param name="trace">The activity of the request; <see langword="null"/> when nobody listens.</param>
    public ExemplarScope(Activity? trace)
    {
        if (trace is not { Recorded: true, IsStopped: false })
        {
            return;
        }

        _before = Activity.Current;
        _isSet = !ReferenceEquals(_before, trace);
        if (_isSet)
        {
            Activity.Current = trace;
        }
    }

    public void Dispose()
    {
        if (_isSet)
        {
            Activity.Current = _before is { IsStopped: true } ? null : _before;
        }
    }
}
