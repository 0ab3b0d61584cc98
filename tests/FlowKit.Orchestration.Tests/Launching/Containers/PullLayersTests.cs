namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>The layers of an image that is pulled, by what engines print.</summary>
public sealed class PullLayersTests
{
    private readonly List<(int Done, int Total)> _told = [];

    [Fact]
    public void Docker_tells_each_layer_by_its_id()
    {
        Read(
            "1.36: Pulling from library/busybox",
            "4abcf2066143: Pulling fs layer",
            "aabbccddeeff: Already exists",
            "4abcf2066143: Verifying Checksum",
            "4abcf2066143: Download complete",
            "4abcf2066143: Pull complete",
            "4abcf2066143: Pull complete",
            "Digest: sha256:4abcf20661432fb2d719aaf90656f55c287f8ca915dc1c92ec14ff61e67fbaf8",
            "Status: Downloaded newer image for busybox:1.36");

        Assert.Equal([(0, 1), (1, 2), (2, 2)], _told);
    }

    [Fact]
    public void Podman_tells_each_blob()
    {
        Read(
            "Trying to pull docker.io/library/busybox:1.36...",
            "Getting image source signatures",
            "Copying blob sha256:4abcf2066143ab",
            "Copying blob sha256:aabbccddeeff00 skipped: already exists",
            "Copying blob 4abcf2066143ab done   |",
            "Copying config sha256:65ad0d468eb1",
            "Writing manifest to image destination");

        Assert.Equal([(0, 1), (1, 2), (2, 2)], _told);
    }

    private void Read(params string[] lines)
    {
        var layers = new PullLayers((done, total) => _told.Add((done, total)));
        foreach (var line in lines)
        {
            layers.Add(line);
        }
    }
}
