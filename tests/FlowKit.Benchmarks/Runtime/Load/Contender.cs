namespace FlowKit.Benchmarks.Runtime;

/// <summary>Something that takes turns with others at the same work.</summary>
/// <param name="Name">What it is called in print.</param>
/// <param name="RunAsync">Works for about as long as it is told and says how many requests it answered.</param>
internal sealed record Contender(string Name, Func<TimeSpan, Task<long>> RunAsync);
