using FlowKit.Specs.Running;
using FlowKit.Tests;

namespace FlowKit.Orchestration.Images;

public sealed class ContextCopyTests : IDisposable
{
    private const string Key = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _context = new();

    public void Dispose()
    {
        _folder.Dispose();
        _context.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Secrets_stay_out_and_are_told_and_certificates_and_samples_go_in(bool hasDockerfile)
    {
        _folder.File("Upper.cs", "// -----BEGIN PRIVATE KEY----- is how a key begins");
        _folder.File("sub/data.json", "{}");
        _folder.File(".env", "PASSWORD=pear");
        _folder.File(".env.local", "PASSWORD=pear");
        _folder.File(".env.example", "PASSWORD=");
        _folder.File("sub/server.key", "");
        _folder.File("sub/chain.pem", "-----BEGIN CERTIFICATE-----\n");
        _folder.File("sub/both.pem", "-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n" + Key);
        _folder.File("id_ecdsa", Key);
        _folder.File("callers.txt", "0123456789abcdef");
        _folder.File("tokens", "0123456789abcdef");
        _folder.File("flow.yml", "jtype: Flow\ngateway:\n  api_keys_file: callers.txt   # a key on each line\n  ssl_keyfile: \"./sub/tls.bin\"\n");
        _folder.File("sub/tls.bin", "");
        _folder.File("sub/flow.yaml", "gateway: {api_keys_file: ../tokens, cors: true}\n");
        _folder.File("bin/Upper.dll", "");
        if (hasDockerfile)
        {
            _folder.File("Dockerfile", "FROM own:1");
        }

        var told = ImageContext.Write(_folder.Path, _context.Path, "own:1", CancellationToken.None);

        Assert.Equal([".env.example", .. Code(hasDockerfile), "flow.yml", "sub/chain.pem", "sub/data.json", "sub/flow.yaml"], Copied(hasDockerfile));
        Assert.Equal(
            [
                "'.env' is left out of the image: it holds variables that may be secret",
                "'.env.local' is left out of the image: it holds variables that may be secret",
                "'callers.txt' is left out of the image: a flow names it as a secret",
                "'id_ecdsa' is left out of the image: it is a private key",
                "'sub/both.pem' is left out of the image: it is a private key",
                "'sub/server.key' is left out of the image: it is a private key",
                "'sub/tls.bin' is left out of the image: a flow names it as a secret",
                "'tokens' is left out of the image: a flow names it as a secret",
            ],
            told.Order(StringComparer.Ordinal));
    }

    [UnixFact]
    public void Links_that_lead_out_stay_out_and_others_stay_links()
    {
        using var elsewhere = new TemporaryFolder();
        var secret = elsewhere.File("secret", "pear");
        _folder.File("Upper.cs", "");
        _folder.File("sub/a.txt", "a");
        Directory.CreateSymbolicLink(At("out"), elsewhere.Path);
        File.CreateSymbolicLink(At("secret"), secret);
        File.CreateSymbolicLink(At("through"), "out/secret");
        File.CreateSymbolicLink(At("inside"), At("sub/a.txt"));
        Directory.CreateSymbolicLink(At("sub/around"), "..");

        var told = ImageContext.Write(_folder.Path, _context.Path, "own:1", CancellationToken.None);

        Assert.Equal(["'out' is left out of the image: it is a link that leads out of the folder", "'secret' is left out of the image: it is a link that leads out of the folder"], told);
        var files = Path.Combine(_context.Path, "files");
        Assert.Equal("a", File.ReadAllText(Path.Combine(files, "inside")));
        Assert.Equal("..", new DirectoryInfo(Path.Combine(files, "sub", "around")).LinkTarget);
        Assert.ThrowsAny<IOException>(() => File.ReadAllText(Path.Combine(files, "through")));
        Assert.Equal([.. Code(hasDockerfile: false), "inside", "sub", "through"], Directory.GetFileSystemEntries(files).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [UnixFact]
    public void A_pipe_is_told_instead_of_waited_for()
    {
        _folder.File("Upper.cs", "");
        using var pipe = System.Diagnostics.Process.Start("mkfifo", At("pipe"));
        pipe.WaitForExit();

        Assert.Equal(["'pipe' is left out of the image: it is a named pipe"], ImageContext.Write(_folder.Path, _context.Path, "own:1", CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_an_ignore_file_names_stays_out_and_the_Dockerfile_does_not(bool hasDockerfile)
    {
        _folder.File("Upper.cs", "");
        _folder.File("data/large.bin", "");
        _folder.File("data/kept.txt", "");
        _folder.File("notes/a.md", "");
        _folder.File(".dockerignore", "**\n!*.cs\n!data/kept.txt\n");
        if (hasDockerfile)
        {
            _folder.File("Dockerfile", "FROM own:1");
        }

        Assert.Empty(ImageContext.Write(_folder.Path, _context.Path, "own:1", CancellationToken.None));

        Assert.Equal([.. Code(hasDockerfile), "data/kept.txt"], Copied(hasDockerfile));
        Assert.True(File.Exists(Path.Combine(_context.Path, "Dockerfile")));
        Assert.DoesNotContain("notes", Directory.EnumerateDirectories(_context.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    /// <summary>What becomes of Upper.cs: without a Dockerfile of one's own it is compiled.</summary>
    private static string[] Code(bool hasDockerfile) => hasDockerfile ? ["Upper.cs"] : ["Upper.dll", "Upper.pdb", "Upper.xml"];

    private IEnumerable<string> Copied(bool hasDockerfile)
    {
        var top = hasDockerfile ? _context.Path : Path.Combine(_context.Path, "files");
        return Directory.EnumerateFiles(top, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(top, file))
            .Where(file => file != "Dockerfile")
            .Order(StringComparer.Ordinal);
    }
}
