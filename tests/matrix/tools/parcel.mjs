// Parcel, built and served.
export default {
  name: "parcel",
  title: "Parcel",
  package: "parcel",
  packages: { parcel: "^2.0.0" },
  configuration: () => "packageExports",
  ways: {
    async build(project, { look }) {
      const manifest = JSON.parse(await project.read("package.json"));
      manifest["@parcel/resolver-default"] = { packageExports: true };
      await project.write("package.json", JSON.stringify(manifest));
      await project.run("npx", "parcel", "build", "index.html", "--no-cache", "--public-url", "./");
      return look("dist");
    },
  },
};
