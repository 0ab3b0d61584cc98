namespace FlowKit.Components;

/// <summary>Lets every request pass: what an entry without <c>uses:</c> runs, for example a plain join.</summary>
[Executor("BaseExecutor", Description = "Lets every request pass; a plain join when it needs several.")]
public sealed class BaseExecutor : Executor;
