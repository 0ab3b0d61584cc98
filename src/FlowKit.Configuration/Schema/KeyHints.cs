using FlowKit.Configuration.Executors;
using FlowKit.Configuration.Flow;
using FlowKit.Configuration.Gateway;
using FlowKit.Configuration.Schema.Unused;

namespace FlowKit.Configuration.Schema;

/// <summary>Describes what an unknown key was probably meant to be, or where it belongs.</summary>
internal static class KeyHints
{
    public static string For(string name, KeyTable table)
    {
        var hint = NearestName.Hint(name, table.Names);
        return hint.Length > 0 ? hint : Elsewhere(name, table) ?? $"; known are {Known(table)}";
    }

    private static string? Elsewhere(string name, KeyTable table)
    {
        if (table != GatewayKeys.Table && GatewayKeys.Table.Find(name) is Key and not RefusedKey && !IsLater(GatewayKeys.Table.Find(name)!))
        {
            return "; it belongs under 'gateway:'";
        }

        if (table != ExecutorKeys.Table && ExecutorKeys.Table.Find(name) is { } key && !IsLater(key))
        {
            return "; it belongs to an entry of 'executors:'";
        }

        if (table != FlowKeys.Table && FlowKeys.Table.Find(name) is { } top && !IsLater(top))
        {
            return "; it belongs at the top of the file";
        }

        return null;
    }

    private static bool IsLater(Key key) =>
        key is RefusedKey || key.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(LaterKey<>);

    private static string Known(KeyTable table) =>
        string.Join(
            ", ",
            table.Keys.Where(
                key => !IsLater(key) && key is not (IgnoredKey or IgnoredFlag)).Select(key => key.Name).Distinct().Order(
                    StringComparer.Ordinal));
}
