namespace EtcdMaint.TestCluster.Tests;

public sealed class AptSourceTests
{
    [Fact]
    public void Reads_both_formats_and_omits_disabled_sources()
    {
        var deb822 = AptSource
            .ParseDeb822(
                """
                # the distribution
                Types: deb deb-src
                URIs: http://archive.example/ubuntu/
                Suites: noble noble-updates
                  noble-backports
                Components: main universe
                Signed-By: /usr/share/keyrings/ubuntu-archive-keyring.gpg

                Types: deb
                URIs: http://off.example/
                Suites: noble
                Components: main
                Enabled: no

                Types: deb-src
                URIs: http://source.example/
                Suites: noble
                Components: main
                """
            )
            .ToList();
        var source = Assert.Single(deb822);
        Assert.Equal(["noble", "noble-updates", "noble-backports"], source.Suites);
        Assert.Equal(
            """
            deb [arch=amd64 signed-by=/usr/share/keyrings/ubuntu-archive-keyring.gpg] http://archive.example/ubuntu/ noble main universe
            deb [arch=amd64 signed-by=/usr/share/keyrings/ubuntu-archive-keyring.gpg] http://archive.example/ubuntu/ noble-updates main universe

            """,
            AptRepository.ForUbuntu(deb822, "noble").ToSourcesList("amd64")
        );

        var oneLine = AptSource
            .ParseOneLine([
                "# deb http://off.example/ bookworm main",
                "deb-src http://source.example/ bookworm main",
                "deb [arch=amd64 signed-by=/etc/apt/keyrings/own.gpg] http://archive.example/debian "
                    + "bookworm main contrib # mirror",
                "deb http://security.example/ bookworm-security main",
            ])
            .ToList();
        Assert.Equal(2, oneLine.Count);
        Assert.Equal(
            ("http://archive.example/debian", "/etc/apt/keyrings/own.gpg"),
            (oneLine[0].Uri, oneLine[0].SignedBy)
        );
        Assert.Equal(["main", "contrib"], oneLine[0].Components);
        Assert.Null(oneLine[1].SignedBy);
    }

    [Fact]
    public void Another_release_of_Debian_uses_the_archive_of_this_machine()
    {
        AptSource[] machine =
        [
            new("http://security.example/", ["bookworm-security"], ["main"], null),
            new("http://archive.example/debian", ["stable", "stable-updates"], ["main"], "/own.gpg"),
        ];
        var repository = AptRepository.ForDebian(machine, "forky");
        Assert.Equal(
            "deb [arch=arm64 signed-by=/own.gpg] http://archive.example/debian forky main\n",
            repository.ToSourcesList("arm64")
        );
        Assert.Throws<InvalidOperationException>(() => AptRepository.ForDebian([machine[0]], "forky"));
    }
}
