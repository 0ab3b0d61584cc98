namespace FlowKit.TestKit;

/// <summary>A real executor that does on every endpoint what the test's <see cref="FlowScript"/> says for its name.</summary>
[Executor("Scripted", Description = "Does what a test says.")]
public sealed class ScriptedExecutor : Executor
{
    private readonly FlowScript _script = FlowScript.Current;

    /// <summary>Constructs it.</summary>
    public ScriptedExecutor()
    {
        _script.Note($"construct {Context.Name}");
        _script.OnConstruct?.Invoke(Context.Name);
    }

    /// <inheritdoc/>
    public override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_script.OnLoad is { } load)
        {
            await load(Context.Name, cancellationToken);
        }

        _script.Note($"load {Context.Name}");
    }

    /// <summary>Answers every endpoint.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="cancellationToken">Ends when nobody waits any more.</param>
    [Requests]
    public ValueTask<object?> RunAsync(DocumentArray documents, Parameters parameters, CancellationToken cancellationToken) =>
        _script.RunAsync(new ScriptedCall(Context.Name, Context.ReplicaId, documents, parameters, cancellationToken));

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _script.Note($"dispose {Context.Name}");
        if (_script.OnDispose is { } dispose)
        {
            await dispose(Context.Name);
        }

        await base.DisposeAsync();
    }
}
