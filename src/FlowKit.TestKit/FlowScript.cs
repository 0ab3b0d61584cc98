using System.Collections.Concurrent;

namespace FlowKit.TestKit;

/// <summary>The behaviour of the <see cref="ScriptedExecutor"/>s of a flow, by name, and what happened to them, in order.</summary>
public sealed class FlowScript
{
    private static readonly AsyncLocal<FlowScript?> s_current = new();

    private readonly ConcurrentDictionary<string, Func<ScriptedCall, ValueTask<object?>>> _bodies = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _events = new();
    private readonly ConcurrentQueue<ScriptedCall> _calls = new();

    /// <summary>Called in the constructor of an executor, by its name.</summary>
    public Action<string>? OnConstruct { get; set; }

    /// <summary>Called while an executor loads.</summary>
    public Func<string, CancellationToken, Task>? OnLoad { get; set; }

    /// <summary>Called while an executor is disposed.</summary>
    public Func<string, ValueTask>? OnDispose { get; set; }

    /// <summary>The events so far: <c>load a</c>, <c>call a</c>, <c>dispose a</c>.</summary>
    public IReadOnlyList<string> Events => [.. _events];

    /// <summary>The calls so far.</summary>
    public IReadOnlyList<ScriptedCall> Calls => [.. _calls];

    internal static FlowScript Current =>
        s_current.Value ?? throw new InvalidOperationException("A ScriptedExecutor runs only in a TestFlow.");

    /// <summary>Says what an executor does; without this it passes documents on.</summary>
    /// <param name="executor">Its name.</param>
    /// <param name="body">Its work; the result is what an endpoint's method returns.</param>
    public FlowScript On(string executor, Func<ScriptedCall, ValueTask<object?>> body)
    {
        _bodies[executor] = body;
        return this;
    }

    /// <summary>Says what an executor does to the documents, in place.</summary>
    /// <param name="executor">Its name.</param>
    /// <param name="body">Its work.</param>
    public FlowScript Edit(string executor, Action<DocumentArray> body) => On(executor, call =>
    {
        body(call.Documents);
        return default;
    });

    /// <summary>The number of calls of an executor so far.</summary>
    /// <param name="executor">Its name.</param>
    public int CallsOf(string executor) => _calls.Count(call => call.Executor == executor);

    internal void Attach() => s_current.Value = this;

    internal void Note(string what) => _events.Enqueue(what);

    internal ValueTask<object?> RunAsync(ScriptedCall call)
    {
        _calls.Enqueue(call);
        Note($"call {call.Executor}");
        return _bodies.TryGetValue(call.Executor, out var body) ? body(call) : default;
    }
}
