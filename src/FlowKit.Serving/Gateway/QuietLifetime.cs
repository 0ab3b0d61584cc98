using Microsoft.Extensions.Hosting;

namespace FlowKit.Serving.Gateway;

/// <summary>Leaves Ctrl-C and SIGTERM to the program: the host's own lifetime would swallow the second one, which is to end it at once.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
