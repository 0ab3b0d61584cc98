namespace FlowKit.Configuration.Yaml;

/// <summary>
/// Describes what a configuration may cost to read. Far above any real flow, far below what stops a process: a deserializer
/// would follow ten thousand brackets to the end of its stack, and nine lines of aliases to the end of memory.
/// </summary>
internal static class YamlLimits
{
    public const int Bytes = 1 << 20;
    public const int Depth = 64;
    public const int Aliases = 100;
    public const int Nodes = 100_000;
}
