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

    public LaunchedExecutor Create(ExecutorConfig config)
    {
        var launched = new Launched();
        Made.Add(launched);
        return launched;
    }

    internal sealed class Launched : LaunchedExecutor
    {
        private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Task<string> Ended => _ended.Task;

        public void End(string why) => _ended.TrySetResult(why);

        public override ValueTask<object?> InvokeAsync(ExecutorCall call) => new((object?)null);

        public override void Kill() => End("killed");
    }
}
