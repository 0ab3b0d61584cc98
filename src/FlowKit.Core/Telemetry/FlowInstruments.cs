using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using FlowKit.Runtime;
using FlowKit.Runtime.Executors;

namespace FlowKit.Telemetry;

/// <summary>
/// The instruments that are read when somebody looks: replicas, queues and memory of the flows of this process. They cost a request
/// nothing.
/// </summary>
internal sealed class FlowInstruments : IDisposable
{
    private static readonly Lock s_lock = new();
    private static readonly List<FlowInstruments> s_running = [];

    private readonly FlowRuntime _flow;
    private readonly KeyValuePair<string, object?> _name;

    private FlowInstruments(FlowRuntime flow, string name) => (_flow, _name) = (flow, new KeyValuePair<string, object?>("flow", name));

    /// <summary>The flows of this process that are told of.</summary>
    public static IEnumerable<FlowRuntime> Flows => Running().Select(watched => watched._flow);

    /// <summary>Makes the instruments, once for all flows.</summary>
    /// <param name="meter">The meter.</param>
    public static void AddTo(Meter meter)
    {
        meter.CreateObservableGauge(
            "flowkit.requests.in_flight", () => PerFlow(flow => flow.InFlight), "{request}", "Requests that are in the flow.");
        meter.CreateObservableGauge(
            "flowkit.memory.used", () => PerFlow(flow => flow.Memory.Used), "By", "Memory that requests say that they hold.");
        meter.CreateObservableGauge(
            "flowkit.memory.limit", () => PerFlow(flow => flow.Memory.Limit), "By", "Memory that requests may hold together.");
        meter.CreateObservableCounter(
            "flowkit.memory.refused", () => PerFlow(flow => flow.Memory.Refused), "{refusal}", "Times that something did not fit into it.");
        meter.CreateObservableGauge(
            "flowkit.executor.replicas", () => PerPool(pool => pool.Replicas), "{replica}", "Replicas that an executor is to have.");
        meter.CreateObservableGauge(
            "flowkit.executor.replicas.ready", () => PerPool(pool => pool.Ready), "{replica}", "Replicas that serve.");
        meter.CreateObservableGauge(
            "flowkit.executor.replicas.busy", () => PerPool(pool => pool.Busy), "{replica}", "Replicas that are at work.");
        meter.CreateObservableGauge(
            "flowkit.executor.in_flight", () => ReadPools(pool => pool.InFlight), "{call}", "Calls that are under way or wait.");
        meter.CreateObservableGauge(
            "flowkit.executor.circuit.open", () => PerPool(pool => pool.IsOpen ? 1 : 0), "{circuit}", "1 while no replica can serve.");
        meter.CreateObservableGauge(
            "flowkit.queue.depth", () => PerPool(pool => pool.Requests), "{request}", "Requests that wait before an executor.");
        meter.CreateObservableGauge(
            "flowkit.queue.documents", () => PerPool(pool => pool.Documents), "{document}", "Documents that wait before an executor.");
        meter.CreateObservableGauge(
            "flowkit.queue.size", () => PerPool(pool => pool.Bytes), "By", "Content that waits before an executor, where it is counted.");
    }

    /// <summary>Has the instruments tell of a flow until that is disposed.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="name">Its name.</param>
    public static FlowInstruments Watch(FlowRuntime flow, string name)
    {
        // They are made with this class: a flow that has had no request yet is told of as well.
        RuntimeHelpers.RunClassConstructor(typeof(FlowTelemetry).TypeHandle);
        var watched = new FlowInstruments(flow, name);
        lock (s_lock)
        {
            s_running.Add(watched);
        }

        return watched;
    }

    public void Dispose()
    {
        lock (s_lock)
        {
            s_running.Remove(this);
        }
    }

    private static FlowInstruments[] Running()
    {
        lock (s_lock)
        {
            return [.. s_running];
        }
    }

    private static IEnumerable<Measurement<long>> PerFlow(Func<FlowRuntime, long> read) =>
        Running().Select(watched => new Measurement<long>(read(watched._flow), watched._name));

    private static IEnumerable<Measurement<long>> PerPool(Func<PoolHealth, long> read) => ReadPools(read);

    private static IEnumerable<Measurement<T>> ReadPools<T>(Func<PoolHealth, T> read)
        where T : struct =>
        Running().SelectMany(watched => watched._flow.Health.Select(pool => new Measurement<T>(
            read(pool),
            watched._name,
            new KeyValuePair<string, object?>("executor", pool.Executor),
            new KeyValuePair<string, object?>("shard", pool.Shard))));
}
