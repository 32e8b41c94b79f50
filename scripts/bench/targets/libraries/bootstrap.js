import 'bootstrap';
import 'bootstrap/dist/css/bootstrap.min.css';
import { Modal } from 'bootstrap';

const card = (
  n,
  name,
  price,
) => `<div class="col"><div class="card h-100" id="card-${n}"><img class="card-img-top" alt="" src="data:,">
<div class="card-header">${n === 1 ? 'New' : 'Classic'}</div><div class="card-body"><h5 class="card-title">${name}</h5><p class="card-text">${price}</p><a href="#" class="btn btn-primary" id="buy-${n}">Add to cart</a> <a href="#" class="card-link" id="more-${n}">Details</a></div></div></div>`;

document.body.innerHTML = `
<nav class="navbar navbar-expand bg-body-tertiary"><div class="container-fluid"><a class="navbar-brand" href="#" id="brand">Roasters</a>
<ul class="navbar-nav"><li class="nav-item"><a class="nav-link active" href="#" id="nav-home">Home</a></li><li class="nav-item dropdown"><a class="nav-link dropdown-toggle" href="#" role="button" data-bs-toggle="dropdown" id="nav-account">Account</a>
<ul class="dropdown-menu"><li><a class="dropdown-item" href="#" id="dd-profile">Profile</a></li><li><a class="dropdown-item" href="#" id="dd-out">Log out</a></li></ul></li></ul>
<form class="d-flex" role="search"><input class="form-control" type="search" placeholder="Search" aria-label="Search" id="nav-q"><button class="btn" type="submit" id="nav-go">Search</button></form></div></nav>
<main class="container"><h1>Beans</h1><div class="alert alert-warning alert-dismissible" role="alert" id="alert">We ship on Fridays.<button type="button" class="btn-close" data-bs-dismiss="alert" aria-label="Close" id="alert-x"></button></div>
<div class="row">${card(1, 'Espresso', '$12')}${card(2, 'Filter', '$11')}${card(3, 'Espresso decaf', '$13')}</div>
<ul class="nav nav-tabs" role="tablist"><li role="presentation"><button class="nav-link active" role="tab" id="tab-reviews">Reviews</button></li><li role="presentation"><button class="nav-link" role="tab" id="tab-specs">Specifications</button></li></ul>
<div class="accordion"><div class="accordion-item"><h2 class="accordion-header"><button class="accordion-button collapsed" id="acc-ship">Shipping</button></h2></div><div class="accordion-item"><h2 class="accordion-header"><button class="accordion-button" id="acc-returns">Returns</button></h2></div></div>
<form class="row"><div class="form-floating"><input type="email" class="form-control" id="mail" placeholder="name@example.com"><label for="mail">Email address</label></div>
<div class="mb-3"><label class="form-label" for="grind">Grind</label><select class="form-select" id="grind"><option>Whole beans</option><option>Ground</option></select></div>
<div class="input-group"><span class="input-group-text">$</span><input class="form-control" id="tip" aria-label="Tip"><button class="btn" type="button" id="tip-apply">Apply</button></div>
<div class="form-check form-switch"><input class="form-check-input" type="checkbox" role="switch" id="gift"><label class="form-check-label" for="gift">Gift wrap</label></div>
<div class="form-check"><input class="form-check-input" type="radio" name="size" id="s250"><label class="form-check-label" for="s250">250 g</label></div><div class="form-check"><input class="form-check-input" type="radio" name="size" id="s500"><label class="form-check-label" for="s500">500 g</label></div>
<button class="btn btn-primary" disabled id="wait"><span class="spinner-border spinner-border-sm"></span> Loading...</button><button type="button" class="btn btn-danger" id="open-del">Delete order</button></form>
<nav aria-label="Pages"><ul class="pagination"><li class="page-item"><a class="page-link" href="#" aria-label="Previous" id="pg-prev"><span aria-hidden="true">«</span></a></li><li class="page-item"><a class="page-link" href="#" id="pg-1">1</a></li><li class="page-item"><a class="page-link" href="#" id="pg-2">2</a></li><li class="page-item"><a class="page-link" href="#" aria-label="Next" id="pg-next"><span aria-hidden="true">»</span></a></li></ul></nav></main>
<div class="modal" tabindex="-1" id="m" aria-labelledby="mt"><div class="modal-dialog"><div class="modal-content"><div class="modal-header"><h5 class="modal-title" id="mt">Delete order?</h5><button type="button" class="btn-close" data-bs-dismiss="modal" aria-label="Close" id="m-x"></button></div><div class="modal-body"><p>This is final.</p></div><div class="modal-footer"><button class="btn" data-bs-dismiss="modal" id="m-keep">Keep it</button><button class="btn btn-danger" id="m-del">Delete order</button></div></div></div></div>
<footer class="py-3"><ul class="nav"><li><a href="#" class="nav-link" id="f-home">Home</a></li><li><a href="#" class="nav-link" id="f-faq">FAQs</a></li></ul></footer>`;

const ready = () => document.body.setAttribute('data-ready', '');
if (location.hash === '#modal') {
  const modal = document.getElementById('m');
  modal.addEventListener('shown.bs.modal', ready);
  new Modal(modal).show();
} else ready();
