using FlowKit.Components;
using FlowKit.Components.Launching;
using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Launching;

namespace FlowKit.Runtime.Executors;

/// <summary>Stands for executors elsewhere whose end a test decides.</summary>
internal sealed class FakeLauncher : IExecutorLauncher
{
    public string Runtime => LaunchConfig.Process;

    public List<Launched> Made { get; } = [];

    /// <summary>What every load throws; null for none.</summary>
    public Exception? LoadFailure { get; set; }

    /// <summary>The answer to every call.</summary>
    public Func<ExecutorCall, object?> Answer { get; set; } = _ => null;

    public LaunchedExecutor Create(ExecutorConfig config)
    {
        var launched = new Launched(this);
        Made.Add(launched);
        return launched;
    }

    internal sealed class Launched(FakeLauncher launcher) : LaunchedExecutor
    {
        private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Task<string> Ended => _ended.Task;

        public void End(string why) => _ended.TrySetResult(why);

        public override Task LoadAsync(CancellationToken cancellationToken) =>
            launcher.LoadFailure is { } failure ? Task.FromException(failure) : Task.CompletedTask;

        public override ValueTask<object?> InvokeAsync(ExecutorCall call) => new(launcher.Answer(call));

        public override void Kill() => End("killed");
    }
}
