using Microsoft.Extensions.Hosting;

namespace FlowKit.Serving;

/// <summary>
/// Leaves Ctrl-C and SIGTERM to the program around the host, whose own lifetime would swallow the second one, which is to end the program
/// at once.
/// </summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
