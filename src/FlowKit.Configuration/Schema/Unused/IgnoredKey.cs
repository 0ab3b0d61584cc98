namespace FlowKit.Configuration;

/// <summary>A key of Jina's that changes nothing here, which a warning says.</summary>
/// <param name="name">Its name.</param>
/// <param name="reason">Why it is ignored.</param>
internal sealed class IgnoredKey(string name, string reason) : Key(name)
{
    public override object? Read(YamlNode node, string path, Problems problems)
    {
        if (!AnyKind.IsEmpty(node))
        {
            problems.Warn(node.Place, path, $"ignored: {reason}");
        }

        return null;
    }
}
