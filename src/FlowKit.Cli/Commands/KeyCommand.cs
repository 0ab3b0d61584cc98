using System.CommandLine;
using FlowKit.Configuration.Gateway;

namespace FlowKit.Cli.Commands;

/// <summary><c>flowkit key new</c>.</summary>
internal static class KeyCommand
{
    private const string Description = """
        Makes an API key: the key itself for the caller, and the line with its digest for the flow's api_keys or api_keys_file.

        Examples:
          flowkit key new
          flowkit key new --name search-page --scopes read --expires 2027-06-30
        """;

    public static Command Create()
    {
        var name = new Option<string?>("--name") { Description = "Its name, for the log." };
        var scopes = new Option<string?>("--scopes") { Description = "read, write, admin, with commas; read,write when it is not given." };
        var expires = new Option<string?>("--expires") { Description = "The last day of its validity, such as 2027-06-30, or a time." };
        var made = new Command("new", Description) { name, scopes, expires };
        made.SetAction(result => Print(result.GetValue(name), result.GetValue(scopes), result.GetValue(expires)));
        return new Command("key", "Makes API keys for callers of a flow.") { made };
    }

    private static int Print(string? name, string? scopes, string? expires)
    {
        var key = ApiKeyDigest.NewKey();
        var line = ApiKeyDigest.Prefix + ApiKeyDigest.Of(key)
            + (name is null ? "" : $" name={name}")
            + (scopes is null ? "" : $" scopes={scopes}")
            + (expires is null ? "" : $" expires={expires}");
        if (ApiKeyConfig.Read(line, out var mistake) is null)
        {
            throw new FlowKitException(FlowErrorCode.InvalidArgument, mistake!);
        }

        Console.Out.WriteLine($"the caller's key (it is not kept anywhere):\n  {key}\nthe flow's line:\n  {line}");
        return 0;
    }
}
