using FlowKit.Configuration.Diagnostics;

namespace FlowKit.Configuration.Yaml;

/// <summary>A <c>key: value</c> of a mapping.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeyPlace">Where the key is written.</param>
/// <param name="Value">The value.</param>
internal sealed record YamlEntry(string Key, SourcePlace KeyPlace, YamlNode Value);
