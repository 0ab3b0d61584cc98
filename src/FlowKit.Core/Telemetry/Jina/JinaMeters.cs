using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace FlowKit.Telemetry.Jina;

/// <summary>
/// The instruments of one flow under Jina's names and labels, for boards that were made for Jina. As Jina's pods do, the gateway and each
/// executor have a meter of their own, so that each can be told on a port of its own. They cost nothing while nobody listens.
/// </summary>
internal sealed class JinaMeters : IDisposable
{
    /// <summary>The name of the gateway, which no executor can have.</summary>
    public const string GatewayName = "gateway";

    private static int s_flows;

    // Several flows of a program may have executors of one name.
    private readonly string _scope = string.Create(CultureInfo.InvariantCulture, $"FlowKit.Jina.{Interlocked.Increment(ref s_flows)}");
    private readonly ConcurrentDictionary<string, Lazy<JinaExecutorMeter>> _executors = new(StringComparer.Ordinal);

    /// <param name="pending">Tells how many requests are in the flow.</param>
    public JinaMeters(Func<int> pending) => Gateway = new JinaGatewayMeter(new Meter(MeterOf(GatewayName)), pending);

    /// <summary>The instruments of the gateway.</summary>
    public JinaGatewayMeter Gateway { get; }

    /// <summary>Returns the name of the meter of the gateway, or of an executor.</summary>
    /// <param name="name"><see cref="GatewayName"/>, or the executor's name.</param>
    public string MeterOf(string name) => $"{_scope}.{name}";

    /// <summary>Returns the instruments of an executor, the same for all its shards and replicas.</summary>
    /// <param name="executor">Its name.</param>
    public JinaExecutorMeter Of(string executor) => _executors.GetOrAdd(
        executor, name => new Lazy<JinaExecutorMeter>(() => new JinaExecutorMeter(new Meter(MeterOf(name)), Gateway, name))).Value;

    public void Dispose()
    {
        Gateway.Dispose();
        foreach (var executor in _executors.Values)
        {
            executor.Value.Dispose();
        }
    }
}
