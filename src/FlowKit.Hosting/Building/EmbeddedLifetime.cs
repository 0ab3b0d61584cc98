using Microsoft.Extensions.Hosting;

namespace FlowKit.Hosting.Building;

/// <summary>Leaves the signals to the program around: a flow that it holds ends when it is disposed.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
