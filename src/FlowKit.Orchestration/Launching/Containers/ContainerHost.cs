using Microsoft.Extensions.Logging;

namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>
/// The state that all containers of one flow share: the engine, asked once, and the process that removes them when this one is gone.
/// </summary>
internal sealed class ContainerHost(string flow, IReadOnlyList<string> secrets)
{
    private readonly Lock _lock = new();
    private Task<Engine>? _preparing;

    /// <summary>The files that no container may read: keys of the gateway, by their whole paths.</summary>
    public IReadOnlyList<string> Secrets => secrets;

    /// <summary>Told how many layers of an image are pulled, of those that are known so far.</summary>
    public Action<string, int, int>? Pulling { get; set; }

    /// <summary>The flow's name.</summary>
    public string Flow => flow;

    /// <summary>
    /// Finds the engine, takes away what earlier flows left when they were killed, and sets the watchdog; all of it once.
    /// </summary>
    /// <exception cref="FlowKitException">There is no engine, or it does not answer.</exception>
    public Task<Engine> PrepareAsync(ILogger logger, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_preparing is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _preparing = PrepareOnceAsync(logger);
            }

            return _preparing.WaitAsync(cancellationToken);
        }
    }

    private static async Task<Engine> PrepareOnceAsync(ILogger logger)
    {
        var engine = await Engine.FindAsync(CancellationToken.None);
        await Sweep.RunAsync(engine, logger, CancellationToken.None);
        await Watchdog.EnsureAsync(engine);
        return engine;
    }
}
