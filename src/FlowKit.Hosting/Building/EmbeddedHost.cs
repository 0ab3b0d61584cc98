using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowKit.Hosting.Building;

/// <summary>The host of a flow that is started on its own.</summary>
internal sealed class EmbeddedHost(IHost host) : IAsyncDisposable
{
    /// <summary>Starts the host with its flow, which ends the host when it is disposed.</summary>
    public async Task<Flow> StartAsync(CancellationToken cancellationToken)
    {
        await host.StartAsync(cancellationToken);
        var flow = host.Services.GetRequiredService<Flow>();
        flow.Own(this);
        return flow;
    }

    /// <summary>The flow's own <c>gateway.timeout_stop</c> says how long answers may take.</summary>
    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
