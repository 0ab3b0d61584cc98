using System.Globalization;
using FlowKit.Runtime.Properties;
using FlowKit.TestKit;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace FlowKit.Runtime;

/// <summary>
/// Random graphs under random trouble. Whatever happens, every accepted request is answered once, in bounded time, with its own documents;
/// a drained stop loses none and leaves nothing behind. <c>FLOWKIT_GRAPHS</c> changes how many graphs are drawn; a failure prints the
/// smallest flow found with its seed, which <c>FLOWKIT_REPLAY</c>, given the numbers after "Replay directly", runs again, many times since threads never meet twice alike.
/// </summary>
[Collection(nameof(AloneOnTheMachine))]
public sealed class RandomFlowPropertyTests(ITestOutputHelper output)
{
    private const int Graphs = 10_000;
    private const int Repeats = 500;

    private static readonly int s_lanes = 8 * Environment.ProcessorCount;

    [Fact]
    public async Task Every_accepted_request_is_answered_once_with_its_own_documents()
    {
        using var folder = new TempFolder();
        var search = new TrialSearch(folder.Path);
        var began = TimeProvider.System.GetTimestamp();
        await (Environment.GetEnvironmentVariable("FLOWKIT_REPLAY") is { Length: > 0 } replay
            ? ReplayAsync(search, replay)
            : SearchAsync(search, int.Parse(Environment.GetEnvironmentVariable("FLOWKIT_GRAPHS") ?? $"{Graphs}", CultureInfo.InvariantCulture)));
        output.WriteLine($"{search.Trials} trials in {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
    }

    /// <summary>Each lane waits on a thread of its own, since FsCheck waits for one trial before it draws the next.</summary>
    private async Task SearchAsync(TrialSearch search, int graphs)
    {
        var seed = (ulong)Random.Shared.NextInt64();
        output.WriteLine($"{graphs} graphs from seed {seed}");
        await Task.WhenAll(Enumerable.Range(0, s_lanes).Select(lane => Task.Factory.StartNew(
            () => Check.One(
                Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest((graphs + s_lanes - 1) / s_lanes).WithReplay(seed + (ulong)lane, 1),
                Prop.ForAll(Arb.From(FlowPlanGenerator.Plans, FlowPlanShrinker.Shrink), search.TryAsync)),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    private static async Task ReplayAsync(TrialSearch search, string replay)
    {
        var numbers = replay.Trim('(', ')').Split(',').Take(2).Select(number => ulong.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithReplay(numbers[0], numbers[1], 1);
        await Task.Run(() => Check.One(config, Prop.ForAll(Arb.From(FlowPlanGenerator.Plans), plan => search.TryAsync(plan, Repeats))));
    }
}
