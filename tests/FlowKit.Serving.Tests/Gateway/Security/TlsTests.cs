using System.Net;
using System.Net.Security;
using FlowKit.TestKit;

namespace FlowKit.Serving.Gateway;

public sealed class TlsTests
{
    private static readonly string s_yaml = FlowText.Chain("a").WithGateway("port: 0, ssl_certfile: cert.pem, ssl_keyfile: key.pem");

    private static Task<TestGateway> StartAsync(TempFolder folder, TimeProvider? time = null, CollectedLogs? logs = null) => TestGateway.StartAsync(
        s_yaml,
        new TestFlowOptions { Folder = folder.Path, Loggers = (Microsoft.Extensions.Logging.ILoggerFactory?)logs ?? Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance },
        new GatewayLimits { Time = time ?? TimeProvider.System });

    private static async Task<(Version Version, string Thumbprint)> AskAsync(TestGateway gateway, Version? version = null)
    {
        var thumbprint = "";
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => (thumbprint = certificate!.GetCertHashString()) != null,
            },
        };
        using var http = new HttpClient(handler) { BaseAddress = gateway.Host.Address, DefaultRequestVersion = version ?? HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.PostAsync("/post", new StringContent("""{"data":[{}]}""", System.Text.Encoding.UTF8, "application/json"));
        response.EnsureSuccessStatusCode();
        return (response.Version, thumbprint);
    }

    [Fact]
    public async Task TLS_is_spoken_with_HTTP_2_and_1()
    {
        using var folder = new TempFolder();
        var thumbprint = TestCertificate.Write(folder.Path);
        await using var gateway = await StartAsync(folder);

        Assert.Equal("https", gateway.Host.Address.Scheme);
        Assert.Equal((HttpVersion.Version20, thumbprint), await AskAsync(gateway));
        Assert.Equal((HttpVersion.Version11, thumbprint), await AskAsync(gateway, HttpVersion.Version11));
    }

    [Fact]
    public async Task A_certificate_is_turned_without_a_restart_and_a_bad_one_leaves_the_old()
    {
        using var folder = new TempFolder();
        var first = TestCertificate.Write(folder.Path);
        var time = new FastTime();
        var logs = new CollectedLogs();
        await using var gateway = await StartAsync(folder, time, logs);
        Assert.Equal(first, (await AskAsync(gateway)).Thumbprint);

        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cert.pem"), "nothing");
        Assert.Equal(first, (await AskAsync(gateway)).Thumbprint);
        TestCertificate.Write(folder.Path, to: DateTimeOffset.UtcNow.AddDays(-0.5));
        Assert.Equal(first, (await AskAsync(gateway)).Thumbprint);
        File.Delete(Path.Combine(folder.Path, "key.pem"));
        Assert.Equal(first, (await AskAsync(gateway)).Thumbprint);
        var second = TestCertificate.Write(folder.Path);

        Assert.Equal(second, (await AskAsync(gateway)).Thumbprint);
        Assert.Contains(logs.Lines, message => message.Contains("The certificate is used as it was", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expired_certificate_stops_the_start()
    {
        using var folder = new TempFolder();
        TestCertificate.Write(folder.Path, to: DateTimeOffset.UtcNow.AddHours(-1));

        var exception = await Assert.ThrowsAsync<FlowKitException>(() => StartAsync(folder));

        Assert.Contains("which is not now", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cert.pem", null, "ssl_certfile")]
    [InlineData("key.pem", null, "ssl_keyfile")]
    [InlineData("cert.pem", "nothing", "cannot be used")]
    [InlineData("key.pem", "nothing", "cannot be used")]
    public async Task A_certificate_that_cannot_be_used_stops_the_start_and_names_the_file(string file, string? content, string expected)
    {
        using var folder = new TempFolder();
        TestCertificate.Write(folder.Path);
        File.Delete(Path.Combine(folder.Path, file));
        if (content is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(folder.Path, file), content);
        }

        var exception = await Assert.ThrowsAsync<FlowKitException>(() => StartAsync(folder));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains(file, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_another_certificate_stops_the_start()
    {
        using var folder = new TempFolder();
        TestCertificate.Write(folder.Path);
        var certificate = await File.ReadAllTextAsync(Path.Combine(folder.Path, "cert.pem"));
        TestCertificate.Write(folder.Path);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "cert.pem"), certificate);

        Assert.Contains("cannot be used", (await Assert.ThrowsAsync<FlowKitException>(() => StartAsync(folder))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_ends_soon_is_a_warning()
    {
        using var folder = new TempFolder();
        var logs = new CollectedLogs();
        TestCertificate.Write(folder.Path, to: DateTimeOffset.UtcNow.AddDays(3));

        await using var gateway = await StartAsync(folder, logs: logs);

        Assert.Contains(logs.Lines, message => message.Contains("ends soon", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plain_HTTP_on_a_TLS_port_is_closed()
    {
        using var folder = new TempFolder();
        TestCertificate.Write(folder.Path);
        await using var gateway = await StartAsync(folder);

        Assert.DoesNotContain("200", await gateway.RawAsync("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(HttpVersion.Version20, (await AskAsync(gateway)).Version);
    }

    /// <summary>Every look at the clock is two seconds after the last.</summary>
    private sealed class FastTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Add(ref _ticks, 2 * TimeSpan.TicksPerSecond);
    }
}
