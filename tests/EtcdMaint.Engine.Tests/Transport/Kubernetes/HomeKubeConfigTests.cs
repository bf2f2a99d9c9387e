using EtcdMaint.Engine.Transport.Kubernetes;

namespace EtcdMaint.Engine.Tests.Transport.Kubernetes;

/// <summary>The kubeconfig of the home folder is the one that client-go finds.</summary>
public sealed class HomeKubeConfigTests
{
    private static readonly Dictionary<string, string> Windows = new()
    {
        ["HOME"] = @"C:\home",
        ["HOMEDRIVE"] = "H:",
        ["HOMEPATH"] = @"\",
        ["USERPROFILE"] = @"C:\Users\ann",
    };

    [Theory]
    [InlineData(@"C:\home\.kube\config", @"C:\home\.kube\config", @"H:\.kube\config", @"C:\Users\ann\.kube\config")]
    [InlineData(@"H:\.kube\config", @"H:\.kube\config", @"C:\Users\ann\.kube\config")]
    [InlineData(@"C:\Users\ann\.kube\config", @"C:\Users\ann\.kube\config")]
    [InlineData(null, @"C:\profile\.kube\config")]
    public void Windows_uses_the_first_home_folder_with_a_kubeconfig(string? expected, params string[] files) =>
        Assert.Equal(expected, Find(true, Windows, @"C:\profile", files));

    [Fact]
    public void A_home_path_without_a_drive_is_ignored() =>
        Assert.Null(
            Find(true, new() { ["HOMEPATH"] = @"\Users\ann", ["HOME"] = "here" }, "", [@"\Users\ann\.kube\config"])
        );

    [Fact]
    public void Windows_without_variables_uses_the_profile_of_the_user() =>
        Assert.Equal(@"C:\profile\.kube\config", Find(true, new(), @"C:\profile", [@"C:\profile\.kube\config"]));

    [Fact]
    public void Other_systems_use_HOME_alone()
    {
        Dictionary<string, string> variables = new(Windows) { ["HOME"] = "/home/ann" };
        Assert.Equal("/home/ann/.kube/config", Find(false, variables, "/profile", ["/home/ann/.kube/config"]));
        Assert.Null(Find(false, variables, "/profile", ["/profile/.kube/config"]));
        Assert.Equal("/profile/.kube/config", Find(false, new(), "/profile", ["/profile/.kube/config"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("home")]
    public void A_kubeconfig_in_the_current_folder_is_never_used(string home) =>
        Assert.Null(
            Find(false, new() { ["HOME"] = home }, "", [".kube/config", "./.kube/config", "home/.kube/config"])
        );

    private static string? Find(
        bool isWindows,
        Dictionary<string, string> variables,
        string profile,
        params string[] files
    ) => HomeKubeConfig.Find(isWindows, name => variables.GetValueOrDefault(name), profile, files.Contains);
}
