using System.Runtime.Versioning;
using FlowKit.Serving.Gateway.Security;
using FlowKit.TestKit;
using FlowKit.Tests;

namespace FlowKit.Serving.Gateway;

[UnsupportedOSPlatform("windows")]
public sealed class SecretFileTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [UnixFact]
    public void A_file_that_others_or_its_group_may_read_is_warned_of_once_with_the_way_out()
    {
        using var folder = new TempFolder();
        var file = folder.Write("keys.txt", "");
        var link = Path.Combine(folder.Path, "link.txt");
        File.CreateSymbolicLink(link, file);

        Assert.Empty(Warnings(file, Owner));
        Assert.EndsWith($"gateway.api_keys_file: other users of this machine can read or write the file {file} (mode 0644); chmod 600 keeps it to you", Assert.Single(Warnings(file, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead)), StringComparison.Ordinal);
        Assert.Contains("(mode 0640)", Assert.Single(Warnings(file, Owner | UnixFileMode.GroupRead)), StringComparison.Ordinal);
        Assert.Contains($"{link} (mode 0602)", Assert.Single(Warnings(link, Owner | UnixFileMode.OtherWrite)), StringComparison.Ordinal);
        Assert.Empty(Warnings(Path.Combine(folder.Path, "nothing"), null));
    }

    [RootFact]
    public void A_group_may_read_what_another_user_has_given_it()
    {
        using var folder = new TempFolder();
        var file = folder.Write("server.key", "");
        ForeignOwner.Give(file);

        Assert.Empty(Warnings(file, Owner | UnixFileMode.GroupRead));
        Assert.Single(Warnings(file, Owner | UnixFileMode.OtherRead));
    }

    [UnixFact]
    public async Task The_start_tells_of_keys_and_of_the_certificates_key()
    {
        using var folder = new TempFolder();
        TestCertificate.Write(folder.Path);
        var keys = folder.Write("keys.txt", "first-key-0123456789");
        File.SetUnixFileMode(keys, Owner | UnixFileMode.OtherRead);
        File.SetUnixFileMode(Path.Combine(folder.Path, "key.pem"), Owner | UnixFileMode.OtherRead);
        var logs = new CollectedLogs();

        await using var gateway = await TestGateway.StartAsync(
            FlowText.Chain("a").WithGateway("port: 0, ssl_certfile: cert.pem, ssl_keyfile: key.pem, api_keys_file: keys.txt"),
            new TestFlowOptions { Folder = folder.Path, Loggers = logs },
            new GatewayLimits());

        Assert.Contains(logs.Lines, line => line.Contains("gateway.ssl_keyfile: other users", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, line => line.Contains("gateway.api_keys_file: other users", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Warnings(string file, UnixFileMode? mode)
    {
        if (mode is { } chosen)
        {
            File.SetUnixFileMode(File.ResolveLinkTarget(file, true)?.FullName ?? file, chosen);
        }

        var logs = new CollectedLogs();
        SecretFile.WarnWhenOpen(file, "api_keys_file", logs.CreateLogger("test"));
        return logs.Lines;
    }
}
